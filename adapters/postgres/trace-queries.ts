import { Readable } from 'node:stream'
import type { PoolClient } from 'pg'
import { CopyOutQuery } from '../source/copy-out-query.ts'
import { beginSpan } from '../tracing/spans.ts'

type Query = (...args: unknown[]) => unknown

/**
 * A span around each statement of a connection: its first word and nothing else of it, since the text of a report type
 * may hold what nobody else should read, and values certainly do.
 * @param purpose what the pool is for.
 */
export function traceQueries(client: PoolClient, purpose: string): void {
  const query = client.query.bind(client) as Query
  const traced: Query = (...args) => {
    const operation = operationOf(args[0])
    if (operation === null) return query(...args)
    const end = beginSpan(`sql ${operation}`, {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'rapporteur.pool': purpose,
    })
    if (!end) return query(...args)
    const callback = args.at(-1)
    if (typeof callback === 'function') {
      const heard = (error: unknown, ...rest: unknown[]) => {
        end(error ?? undefined)
        return (callback as Query)(error, ...rest)
      }
      return query(...args.slice(0, -1), heard)
    }
    const result = query(...args)
    if (result instanceof Readable) result.once('close', () => end(result.errored ?? undefined))
    else (result as Promise<unknown>).then(() => end(), end)
    return result
  }
  client.query = traced as typeof client.query
}

/** @returns null for what only asks about a statement. */
function operationOf(statement: unknown): string | null {
  if (statement instanceof CopyOutQuery) return 'COPY'
  if (typeof statement === 'object' && statement !== null && 'submit' in statement) return null
  const text = typeof statement === 'string' ? statement : (statement as { text?: string } | undefined)?.text
  return /[a-z]+/i.exec(text ?? '')?.[0].toUpperCase() ?? 'UNKNOWN'
}
