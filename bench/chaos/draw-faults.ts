/** Draws from the seed which faults happen, and when. */

import { SeededRandom } from '#demo/data/seeded-random.ts'
import type { MailFault } from '#test/servers/mail-server.ts'

export const partFaults = {
  worker_killed: { part: 'worker', signal: 'SIGKILL' },
  worker_stopped: { part: 'worker', signal: 'SIGTERM' },
  api_killed: { part: 'api', signal: 'SIGKILL' },
  postgres_stopped: { part: 'postgres', signal: 'SIGINT' },
  /** PostgreSQL's "immediate shutdown": every session is cut, the next start recovers from the log. */
  postgres_crashed: { part: 'postgres', signal: 'SIGQUIT' },
  postgres_killed: { part: 'postgres', signal: 'SIGKILL' },
  temporal_stopped: { part: 'temporal', signal: 'SIGTERM' },
  temporal_killed: { part: 'temporal', signal: 'SIGKILL' },
  storage_stopped: { part: 'storage', signal: 'SIGTERM' },
  storage_killed: { part: 'storage', signal: 'SIGKILL' },
} as const
export type PartFaultKind = keyof typeof partFaults
export type MailFaultKind = 'mail_4xx' | 'mail_5xx' | 'mail_dropped' | 'mail_slow' | 'mail_cut'
/** What happens to a fleet of workers, and to no part alone. */
export type FleetFaultKind = 'clock_fast' | 'release_deployed' | 'fleet_gone'
export type FaultKind = PartFaultKind | MailFaultKind | FleetFaultKind
type DrawnKind = PartFaultKind | MailFaultKind

export type PlannedFault = {
  /** Time since the start of the fault before it. */
  gapMs: number
} & (
  | { kind: PartFaultKind; awayMs: number; /** From 0 to 1: which of several. */ which: number }
  | {
      kind: MailFaultKind
      /** Null: the network to it is cut. */
      mail: MailFault | null
      /** Taken back after this, however often it has struck. */
      lastsMs: number
    }
  | { kind: FleetFaultKind; lastsMs: number }
)

/** How often each kind is in a deck; a deck is used up before the next one, so that every kind happens. */
const deck: Readonly<Record<DrawnKind, number>> = {
  worker_killed: 6,
  worker_stopped: 1,
  api_killed: 1,
  postgres_stopped: 1,
  postgres_crashed: 1,
  postgres_killed: 1,
  temporal_stopped: 1,
  temporal_killed: 1,
  storage_stopped: 1,
  storage_killed: 1,
  mail_4xx: 2,
  mail_5xx: 1,
  mail_dropped: 3,
  mail_slow: 2,
  mail_cut: 1,
}
const gap = { minMs: 4_000, maxMs: 9_000 }
/** As long as an operator's restart: three attempts with their back-off outlast it. */
const away = { minMs: 200, maxMs: 3_000 }

export function drawFaults(seed: number, count: number): PlannedFault[] {
  const random = new SeededRandom('chaos faults', seed)
  const cards = Object.entries(deck).flatMap(([kind, times]) =>
    new Array<DrawnKind>(times).fill(kind as DrawnKind),
  )
  const drawn: DrawnKind[] = []
  while (drawn.length < count) drawn.push(...shuffled(cards, random))
  return drawn.slice(0, count).map((kind) => {
    const gapMs = random.whole(gap.minMs, gap.maxMs)
    if (isPartFault(kind)) {
      return { kind, gapMs, awayMs: random.whole(away.minMs, away.maxMs), which: random.next() }
    }
    return { kind, gapMs, mail: mailFaults[kind](random), lastsMs: random.whole(3_000, 6_000) }
  })
}

/** How long one worker's clock is forty minutes fast. */
const clockFastMs = 60_000
/** Two workers, each stopped and started anew, with time between them for both releases to work side by side. */
const deployMs = 90_000

/**
 * Each part is away for so long, one after the other, the last one back before the next goes. Then one worker's clock is
 * wrong, another release of the workflows is deployed, and all workers are away for as long as a part was.
 */
export function planOutages(seconds: number): PlannedFault[] {
  if (seconds === 0) return []
  const [awayMs, pauseMs] = [seconds * 1000, 20_000]
  const parts = ['storage_stopped', 'postgres_stopped', 'temporal_stopped'] as const
  return [
    { kind: 'mail_cut', gapMs: pauseMs, mail: null, lastsMs: awayMs },
    ...parts.map((kind) => ({ kind, gapMs: awayMs + pauseMs, awayMs, which: 0 })),
    { kind: 'clock_fast', gapMs: awayMs + pauseMs, lastsMs: clockFastMs },
    { kind: 'release_deployed', gapMs: clockFastMs + pauseMs, lastsMs: deployMs },
    { kind: 'fleet_gone', gapMs: deployMs + pauseMs, lastsMs: awayMs },
  ]
}

export function isPartFault(kind: FaultKind): kind is PartFaultKind {
  return kind in partFaults
}

const stages = ['connect', 'sender', 'recipient', 'content', 'answer'] as const

const mailFaults: Readonly<Record<MailFaultKind, (random: SeededRandom) => MailFault | null>> = {
  mail_4xx: (random) => ({
    ...random.pick([
      { at: 'recipient', code: 451, text: '4.7.1 Greylisted, come back later' },
      { at: 'recipient', code: 450, text: '4.2.1 Mailbox busy' },
      { at: 'sender', code: 421, text: '4.3.2 Too many messages' },
      { at: 'answer', code: 452, text: '4.3.1 Insufficient system storage' },
    ] as const),
    does: 'reply',
    times: random.whole(1, 6),
  }),
  mail_5xx: (random) => ({
    ...random.pick([
      { at: 'recipient', code: 550, text: '5.1.1 No such user here' },
      { at: 'recipient', code: 552, text: '5.2.2 Mailbox full' },
      { at: 'answer', code: 554, text: '5.7.1 Message refused' },
    ] as const),
    does: 'reply',
    times: random.whole(1, 2),
  }),
  mail_dropped: (random) => ({
    at: random.pick(stages),
    does: 'drop',
    times: random.whole(1, 5),
    afterBytes: random.pick([1, 2_000, 60_000]),
    // Matters at `answer`: whether the server has taken the mail.
    keeps: random.chance(0.5),
  }),
  mail_slow: (random) => ({ at: random.pick(stages), does: 'delay', forMs: random.whole(1_000, 12_000) }),
  mail_cut: () => null,
}

function shuffled<Item>(items: readonly Item[], random: SeededRandom): Item[] {
  const left = [...items]
  return items.map(() => left.splice(random.whole(0, left.length - 1), 1)[0] as Item)
}
