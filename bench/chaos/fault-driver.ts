import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosWorld } from './chaos-world.ts'
import { partFaults, type FaultKind, type FleetFaultKind, type PlannedFault } from './draw-faults.ts'
import type { RestartablePart } from './restartable-part.ts'

/** One fault as it was carried out. */
export interface FaultRecord {
  kind: FaultKind
  at: Date
  /** How long the part could not be used, or the mail server misbehaved. */
  lastedMs: number
  /** Which worker, or how the mail server misbehaved. */
  detail: string
  /** Reports queued and running when it struck; null when the database could not be asked. */
  inFlight: number | null
}

export interface FaultDriver {
  world: ChaosWorld
  inFlight: () => number | null
  say: (line: string) => void
  signal: AbortSignal
}

/**
 * Carries out the faults, each a few seconds after the start of the one before it, so that they overlap.
 * @returns once everything is up again and the mail server behaves.
 * @throws when a part does not come back.
 */
export async function inject(driver: FaultDriver, plan: readonly PlannedFault[]): Promise<FaultRecord[]> {
  const { signal, say } = driver
  const done: FaultRecord[] = []
  const ends: Promise<void>[] = []
  const broken = new AbortController()
  for (const [index, fault] of plan.entries()) {
    await delay(fault.gapMs, undefined, { signal: AbortSignal.any([signal, broken.signal]) }).catch(() => {
      signal.throwIfAborted()
      throw broken.signal.reason
    })
    const record: FaultRecord = {
      kind: fault.kind,
      at: new Date(),
      lastedMs: 0,
      detail: '',
      inFlight: driver.inFlight(),
    }
    const end = await begin(driver, fault, record)
    done.push(record)
    say(
      `fault ${index + 1}/${plan.length}  ${record.kind} ${record.detail} (${record.inFlight ?? '?'} reports in flight)`,
    )
    ends.push(
      end().then(
        () => void (record.lastedMs = Date.now() - record.at.getTime()),
        (error: unknown) => broken.abort(error),
      ),
    )
  }
  await Promise.all(ends)
  broken.signal.throwIfAborted()
  return done
}

/** Begins it as soon as its part is up. @returns waits for its end. */
async function begin(
  { world, signal }: FaultDriver,
  fault: PlannedFault,
  record: FaultRecord,
): Promise<() => Promise<void>> {
  if ('mail' in fault) {
    const { mail, lastsMs } = fault
    if (mail === null) {
      world.mailGate.shut()
      record.detail = `for ${lastsMs} ms`
      return async () => {
        await delay(lastsMs)
        world.mailGate.open()
      }
    }
    const takeBack = world.mail.inject(mail)
    record.detail = `${mail.does} ${mail.code ?? ''} at ${mail.at}${mail.keeps && mail.at === 'answer' ? ', keeps it' : ''}`
    return async () => {
      await delay(lastsMs)
      takeBack()
    }
  }
  if ('lastsMs' in fault) {
    record.detail = `for ${fault.lastsMs} ms`
    const recovery = fleetFaults[fault.kind](world, fault.lastsMs)
    return () => recovery
  }
  const { part: name, signal: how } = partFaults[fault.kind]
  const candidates = candidatesFor(world, name)
  const part = await pickRunningPart(candidates, fault.which, signal)
  record.at = new Date()
  if (name === 'worker') record.detail = part.definition.name
  const recovery = part.restart(how, fault.awayMs)
  return () => recovery
}

const fortyMinutesMs = 40 * 60_000

const fleetFaults: Readonly<Record<FleetFaultKind, (world: ChaosWorld, lastsMs: number) => Promise<void>>> = {
  async clock_fast({ clockFiles }, lastsMs) {
    const [first = ''] = clockFiles
    await writeFile(first, String(fortyMinutesMs))
    await delay(lastsMs)
    await writeFile(first, '0')
  },
  /** Each worker hands over what it does; the pause between two lets both releases work side by side. */
  async release_deployed({ workers, changedBundle }, lastsMs) {
    for (const worker of workers) {
      worker.env = { WORKFLOW_BUNDLE: changedBundle }
      await Promise.all([worker.restart('SIGTERM', 0), delay(lastsMs / workers.length)])
    }
  },
  async fleet_gone({ workers }, lastsMs) {
    await Promise.all(workers.map((worker) => worker.restart('SIGKILL', lastsMs)))
  },
}

function candidatesFor(
  world: ChaosWorld,
  name: 'worker' | 'api' | 'postgres' | 'temporal' | 'storage',
): readonly RestartablePart[] {
  switch (name) {
    case 'worker':
      return world.workers
    case 'api':
      return [world.api]
    case 'postgres':
      return [world.postgres]
    case 'temporal':
      return [world.temporal]
    case 'storage':
      return [world.storageServer]
  }
}

async function pickRunningPart(
  parts: readonly RestartablePart[],
  which: number,
  signal: AbortSignal,
): Promise<RestartablePart> {
  for (;;) {
    const up = parts.filter((part) => part.isUp)
    const chosen = up[Math.floor(which * up.length)]
    if (chosen) return chosen
    await delay(100, undefined, { signal })
  }
}
