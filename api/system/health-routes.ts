/** Whether the process is alive, and whether what it depends on answers. */

import { setTimeout as delay } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import { createDatabasePing } from '#adapters/database-ping.ts'
import { installationParts, type InstallationPart } from '#domain/installation-part.ts'
import {
  dependencies,
  dependencyChecks,
  presentFaults,
  type Dependency,
} from '#services/maintenance/installation-checks.ts'
import { isTimeZoneDataOutdated, timeZoneDataVersion } from '#services/maintenance/time-zone-warnings.ts'
import type { Api } from '../http/api-env.ts'
import type { ApiDeps } from '../deps.ts'
import { jsonResponse } from '../http/openapi-parts.ts'

/** A probe that takes longer counts as failed. */
const probeTimeoutMs = 2_000
/** A busy pool holds up what is known to be wrong; the answer goes without it. */
const warningsTimeoutMs = 1_000

const healthSchema = z.object({ status: z.literal('ok') }).openapi('Health')
const part = z.object({ status: z.enum(['ok', 'down']), ms: z.int() })
const readinessSchema = z
  .object({
    status: z.enum(['ok', 'down']),
    dependencies: z
      .record(z.enum(dependencies), part)
      .openapi({ description: '`migrations`: whether the database has all that this version needs' }),
    /** The tz database's release in this process, such as 2026e, and whether it is older than a year. */
    time_zone_data: z.object({ version: z.string(), outdated: z.boolean() }),
    warnings: z
      .array(z.enum(installationParts))
      .openapi({ description: 'What works, but not as it should; the dashboard says more' }),
  })
  .openapi('Readiness')

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'health',
  tags: ['Health'],
  summary: 'Alive',
  responses: { 200: jsonResponse(healthSchema, 'Alive') },
})

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readiness',
  tags: ['Health'],
  summary: 'Ready, with the state of each dependency',
  responses: {
    200: jsonResponse(readinessSchema, 'All answer'),
    503: jsonResponse(readinessSchema, 'At least one does not'),
  },
})

export function healthRoutes(api: Api, { environment, prisma, source, storage, engine, now }: ApiDeps): void {
  const database = createDatabasePing(environment.DATABASE_URL)
  const checks = dependencyChecks({ database, source, storage, engine })
  api.openapi(healthz, (context) => context.json({ status: 'ok' as const }, 200))

  api.openapi(readyz, async (context) => {
    const [found, warnings] = await Promise.all([
      Promise.all(dependencies.map(async (name) => [name, await probe(checks[name])] as const)),
      faultyParts(prisma),
    ])
    const ready = found.every(([, { status }]) => status === 'ok')
    const version = timeZoneDataVersion()
    const about = {
      dependencies: Object.fromEntries(found) as Record<Dependency, z.infer<typeof part>>,
      warnings,
      time_zone_data: { version, outdated: isTimeZoneDataOutdated(version, now()) },
    }
    return ready
      ? context.json({ status: 'ok' as const, ...about }, 200)
      : context.json({ status: 'down' as const, ...about }, 503)
  })
}

/** None where the database cannot be asked in time, which `dependencies` says. */
async function faultyParts(prisma: ApiDeps['prisma']): Promise<InstallationPart[]> {
  const faults = presentFaults(prisma).catch(() => [])
  return (await Promise.race([faults, delay(warningsTimeoutMs, [], { ref: false })])).map(({ part }) => part)
}

/** Says only whether it answered: the page is public, and error messages name hosts. */
async function probe(ask: () => Promise<unknown>): Promise<z.infer<typeof part>> {
  const startedAt = performance.now()
  const took = () => Math.round(performance.now() - startedAt)
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time')), probeTimeoutMs)
  })
  try {
    await Promise.race([ask(), tooLong])
    return { status: 'ok', ms: took() }
  } catch {
    return { status: 'down', ms: took() }
  } finally {
    clearTimeout(timer)
  }
}
