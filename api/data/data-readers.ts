/**
 * How the data pages read a type: the database that the type names, in turns, with counts and a collation of its own.
 * The product's database gets fewer turns: its connections are also those of everything else that the service does.
 */

import { sourceOf, type Source } from '#adapters/source/source.ts'
import type { Reads, ReportDefinition } from '#catalogue/define-report.ts'
import type { OptionSource } from '#catalogue/list-options.ts'
import type { ApiDeps } from '../deps.ts'
import type { ApiContext } from '../http/api-env.ts'
import { createQueryTurns, turnsOf } from './query-turns.ts'
import { createRowTotals, type RowTotals } from './row-totals.ts'
import { textCollation } from './text-collation.ts'

export interface DataReader {
  /**
   * The database as this request reads it: in the person's turns, until the client has gone, and in their time zone, as
   * the file of their request would.
   */
  during(context: ApiContext, signal: AbortSignal): OptionSource
  totals: RowTotals
  /** The collation that texts are sorted by. */
  collation(): Promise<string | undefined>
}

/** How long a page waits for its count before it shows an estimate. */
const countTimeoutMs = 500

export type DataReaders = (definition: Pick<ReportDefinition, 'reads'>) => DataReader

export function createDataReaders(deps: ApiDeps): DataReaders {
  const readers: Record<Reads, DataReader> = {
    source: createDataReader('source', deps.source, deps),
    product: createDataReader('product', deps.productSource, deps),
  }
  return (definition) => sourceOf(readers, definition)
}

function createDataReader(reads: Reads, source: Pick<Source, 'rows'>, deps: ApiDeps): DataReader {
  const { pages, totals, counts } = turnsOf[reads]
  const turns = createQueryTurns(pages)
  return {
    during: (context, signal) => {
      const { id, timeZone } = context.get('person')
      return { rows: (query) => turns.run(id, () => source.rows(query, { timeZone, signal }), { signal }) }
    },
    totals: createRowTotals({
      source,
      turns: createQueryTurns(totals),
      counts,
      timeoutMs: deps.countTimeoutMs ?? countTimeoutMs,
      now: deps.now,
    }),
    collation: textCollation(source),
  }
}
