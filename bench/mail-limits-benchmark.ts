/**
 * A hundred recipients behind mail servers that bear less than the product could send: nobody is lost, nobody gets two
 * copies, and it takes at most twice the time that the server's own limit allows.
 */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createPrisma } from '#prisma/client.ts'
import type { MailServer, MailServerOptions } from '#test/servers/mail-server.ts'
import { describeMachine, type Benchmark, type BenchmarkOptions, type BenchmarkResult } from './benchmark.ts'
import { ApiClient } from './chaos/api-client.ts'
import { startChaosWorld } from './chaos/chaos-world.ts'
import { mailDomain } from './chaos/draw-reports.ts'
import { round } from './file-benchmark.ts'

const recipientCount = 100
const giveUpAfterMs = 5 * 60_000
/** The servers with a limit of connections look at each message for so long. */
const answerMs = 500

interface Limited {
  name: string
  options: MailServerOptions
  /** What the server's own limit allows, from its first mail to its last. */
  bestSeconds: number
}

const perConnection = (recipientCount * answerMs) / 3 / 1000
const servers: readonly Limited[] = [
  {
    name: '432 at AUTH beyond three connections',
    options: {
      credentials: { user: 'rapporteur', password: 'a-long-password' },
      limits: { connections: 3, refusedAt: 'login', answerMs },
    },
    bestSeconds: perConnection,
  },
  {
    name: '421 at the banner beyond three connections',
    options: { limits: { connections: 3, refusedAt: 'banner', answerMs } },
    bestSeconds: perConnection,
  },
  { name: '454 beyond five mails a second', options: { limits: { perSecond: 5 } }, bestSeconds: 20 },
]

export const mailLimitsBenchmark: Benchmark = {
  name: 'mail-limits',
  description: 'a hundred recipients behind three mail servers with limits of connections or mails a second',
  run,
}

async function run(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const startedAt = Date.now()
  const results = []
  for (const server of servers) results.push(await measure(server, options))
  return {
    bench: 'mail-limits',
    machine: describeMachine(),
    ours: { seconds: round((Date.now() - startedAt) / 1000), peak_mb: 0, servers: results },
    peers: {},
    samples: results,
    goals: results.flatMap(({ name, best_seconds, seconds, reached, copies }) => [
      {
        name: `${name}: reached`,
        goal: `= ${recipientCount}`,
        value: reached,
        met: reached === recipientCount,
      },
      { name: `${name}: second copies`, goal: '= 0', value: copies, met: copies === 0 },
      {
        name: `${name}: seconds`,
        goal: `<= ${2 * best_seconds}`,
        value: seconds,
        met: seconds <= 2 * best_seconds,
      },
    ]),
  }
}

async function measure(
  { name, options: mail, bestSeconds }: Limited,
  { keep, say, signal }: BenchmarkOptions,
) {
  const world = await startChaosWorld({ workers: 2, demoRows: 1_000, keep, say, signal, mail })
  const prisma = createPrisma(world.environment.DATABASE_URL)
  try {
    const client = new ApiClient(world.apiUrl, signal)
    await client.signIn('admin@rapporteur.test')
    say(name)
    const recipients = Array.from({ length: recipientCount }, (_, who) => `lecteur-${who}@${mailDomain}`)
    const request = { type: 'schools', format: 'csv', columns: ['code', 'name'], recipients }
    const { body } = await client.ask<{ number: number }>('POST', '/v1/reports', request, randomUUID())
    const until = Date.now() + giveUpAfterMs
    let row = await prisma.report.findUniqueOrThrow({ where: { number: body.number } })
    while ((row.status === 'queued' || row.status === 'running') && Date.now() < until) {
      await delay(500, undefined, { signal })
      row = await prisma.report.findUniqueOrThrow({ where: { number: body.number } })
    }
    const { reached, copies, seconds } = count(world.mail, new Set(recipients))
    const result = {
      name,
      best_seconds: round(bestSeconds),
      seconds,
      delivery: row.delivery,
      reached,
      copies,
      refused: world.mail.limited(),
      connections: world.mail.connections(),
    }
    say(JSON.stringify(result))
    return result
  } finally {
    await prisma.$disconnect()
    await world.stop()
  }
}

function count({ mails }: MailServer, recipients: ReadonlySet<string>) {
  const ours = mails.filter(({ to }) => to.some((address) => recipients.has(address)))
  const reached = new Set(ours.flatMap(({ to }) => to)).size
  const times = ours.map(({ acceptedAt }) => acceptedAt.getTime())
  const seconds = ours.length === 0 ? 0 : round((Math.max(...times) - Math.min(...times)) / 1000)
  return { reached, copies: ours.length - reached, seconds }
}
