/** What one client without manners can do to the others: /healthz is asked all the while, by a thread of its own. */

import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { cookiesSet } from '#test/cookies-set.ts'
import type { ProbeResult } from './abuse/probe-health.ts'
import { describeMachine, type Benchmark, type BenchmarkOptions, type BenchmarkResult } from './benchmark.ts'
import { startChaosWorld, type ChaosWorld } from './chaos/chaos-world.ts'
import { round } from './file-benchmark.ts'
import { peakMegabytes } from './schedules-benchmark.ts'

const goalMs = 250
/** How long what is repeated is repeated, and streams are held. */
const holdMs = 8_000
/** No answer is waited for longer. */
const timeoutMs = 60_000
const nestedBody = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
const senders = 8
const signIns = 200
const totals = 50
const streams = 300
/** Enough that a total takes a noticeable time. */
const demoRows = 400_000

export const abuseBenchmark: Benchmark = {
  name: 'abuse',
  description:
    'whether /healthz answers while one client sends nested bodies, sign-ins, totals and streams at once',
  run,
}

/** Statuses as they came, `none` for a connection that was refused, cut or timed out. */
type Answers = Record<string, number>

interface Outcome {
  scenario: string
  seconds: number
  answers: Answers
  healthz: { samples: number; failed: number; p50_ms: number; p99_ms: number; max_ms: number }
}

interface Client {
  url: string
  cookie: string
  signal: AbortSignal
}

async function run({ keep, say, signal }: BenchmarkOptions): Promise<BenchmarkResult> {
  const started = performance.now()
  const machine = describeMachine()
  const world = await startChaosWorld({ workers: 0, demoRows, keep, say, signal })
  try {
    const client = { url: world.apiUrl, cookie: await signIn(world), signal }
    const probe = await startProbe(world.apiUrl)
    const outcomes: Outcome[] = []
    for (const [scenario, work] of Object.entries(scenarios)) {
      say(scenario)
      const outcome = await measured(scenario, { client, probe }, work)
      outcomes.push(outcome)
      console.log(JSON.stringify({ bench: 'abuse', ...outcome }))
      await untilQuiet(client)
    }
    await probe.terminate()
    return {
      bench: 'abuse',
      machine,
      ours: {
        seconds: round((performance.now() - started) / 1000),
        peak_mb: await peakMegabytes(world),
        scenarios: Object.fromEntries(outcomes.map(({ scenario, ...rest }) => [scenario, rest])),
      },
      peers: {},
      goals: outcomes.map(({ scenario, healthz }) => ({
        name: `healthz during ${scenario}`,
        goal: `under ${goalMs} ms at the 99th percentile, and always answered`,
        value: healthz.p99_ms,
        met: healthz.p99_ms < goalMs && healthz.failed === 0,
      })),
      samples: outcomes,
    }
  } finally {
    await world.stop()
  }
}

const scenarios: Readonly<Record<string, (client: Client) => Promise<Answers>>> = {
  /** What the machine itself gives, to compare with. */
  nothing: async () => {
    await new Promise((resolve) => setTimeout(resolve, holdMs / 2))
    return {}
  },
  /** Half before sign-in, half after, one after another without a pause. */
  nested_bodies: async (client) => {
    const answers: Answers = {}
    const until = performance.now() + holdMs
    await Promise.all(
      Array.from({ length: senders }, async (_, index) => {
        const path = index % 2 === 0 ? '/api/auth/sign-in/email' : '/v1/reports'
        while (performance.now() < until && !client.signal.aborted) {
          count(answers, await statusOf(client, path, { method: 'POST', body: nestedBody }))
        }
      }),
    )
    return answers
  },
  sign_ins: async (client) => {
    const body = (index: number) =>
      JSON.stringify({ email: `personne${index}@ville.test`, password: 'not-the-password' })
    return await allAtOnce(signIns, (index) =>
      statusOf(client, '/api/auth/sign-in/email', { method: 'POST', body: body(index) }),
    )
  },
  /** Of one person, each of its own filter, so that none is the answer to another. */
  totals: async (client) => {
    return await allAtOnce(totals, (index) => {
      const filters = encodeURIComponent(JSON.stringify({ comment: `essai ${index}` }))
      return statusOf(client, `/v1/report-types/reception_ticket/totals?filters=${filters}`)
    })
  },
  event_streams: async (client) => {
    const leave = new AbortController()
    const opened = allAtOnce(streams, async () => {
      const signal = AbortSignal.any([leave.signal, client.signal])
      const headers = { cookie: client.cookie }
      const answer = await fetch(`${client.url}/v1/reports/events`, { headers, signal }).catch(() => null)
      return answer === null ? 'none' : String(answer.status)
    })
    await new Promise((resolve) => setTimeout(resolve, holdMs))
    const answers = await opened
    leave.abort()
    return answers
  },
}

/** The client's own thread gives way: one on another machine would take no processor from the service. */
async function startProbe(url: string): Promise<Worker> {
  const probe = new Worker(new URL('./abuse/probe-health.ts', import.meta.url), { workerData: url })
  await once(probe, 'online')
  setPriority(constants.priority.PRIORITY_LOW)
  return probe
}

async function measured(
  scenario: string,
  { client, probe }: { client: Client; probe: Worker },
  work: (client: Client) => Promise<Answers>,
): Promise<Outcome> {
  probe.postMessage('begin')
  const started = performance.now()
  const answers = await work(client)
  const seconds = round((performance.now() - started) / 1000)
  probe.postMessage('end')
  const [{ milliseconds, failed }] = (await once(probe, 'message')) as [ProbeResult]
  const sorted = milliseconds.toSorted((left, right) => left - right)
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  const healthz = { samples: sorted.length, failed, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) }
  return { scenario, seconds, answers, healthz }
}

/** What the last scenario left behind is no matter of the next one. */
async function untilQuiet(client: Client): Promise<void> {
  for (let calm = 0; calm < 10 && !client.signal.aborted;) {
    const started = performance.now()
    const status = await statusOf(client, '/healthz')
    calm = status === '200' && performance.now() - started < 50 ? calm + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function signIn({ apiUrl }: ChaosWorld): Promise<string> {
  const answer = await fetch(`${apiUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@rapporteur.test', password: 'rapporteur' }),
  })
  if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}: ${await answer.text()}`)
  return cookiesSet(answer.headers)
}

async function statusOf(
  { url, cookie, signal }: Client,
  path: string,
  init: RequestInit = {},
): Promise<string> {
  try {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { cookie, 'content-type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    // A refusal may come before the body is sent; the client then gives up the connection.
    await answer.text().catch(() => undefined)
    return String(answer.status)
  } catch {
    return 'none'
  }
}

async function allAtOnce(times: number, ask: (index: number) => Promise<string>): Promise<Answers> {
  const answers: Answers = {}
  for (const status of await Promise.all(Array.from({ length: times }, (_, index) => ask(index)))) {
    count(answers, status)
  }
  return answers
}

function count(answers: Answers, status: string): void {
  answers[status] = (answers[status] ?? 0) + 1
}
