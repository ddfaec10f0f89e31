import { readFileSync } from 'node:fs'
import type { Pool } from 'pg'
import type { ChaosWorld } from './chaos-world.ts'

export interface WorkSample {
  at: Date
  queued: number
  running: number
}

export interface WorkWatch {
  samples: readonly WorkSample[]
  /** Reports queued and running at the last sample; null when the database did not answer. */
  inFlight(): number | null
  /** Most resident memory any worker process ever had, in MB (10⁶ bytes). */
  peakMb(): number
  /** Share of the time so far in which any process of this machine waited for a processor. */
  cpuPressurePercent(): number
  stop(): void
}

const everyMs = 1_000

/** Samples every second the reports in flight and the memory of the workers. */
export function watchWork(world: ChaosWorld, database: Pool): WorkWatch {
  const samples: WorkSample[] = []
  let latest: WorkSample | null = null
  let peakMb = 0
  let asking = false
  const startedAt = performance.now()
  const pressureBefore = cpuPressureMs()
  const timer = setInterval(() => {
    for (const { pid } of world.workers) if (pid !== undefined) peakMb = Math.max(peakMb, peakOf(pid))
    if (asking) return
    asking = true
    readSample(database)
      .then(
        (sample) => samples.push((latest = sample)),
        () => (latest = null),
      )
      .finally(() => (asking = false))
  }, everyMs)
  return {
    samples,
    inFlight: () => (latest === null ? null : latest.queued + latest.running),
    peakMb: () => peakMb,
    cpuPressurePercent: () =>
      Math.round((100 * (cpuPressureMs() - pressureBefore)) / (performance.now() - startedAt)),
    stop: () => clearInterval(timer),
  }
}

async function readSample(database: Pool): Promise<WorkSample> {
  const { rows } = await database.query<{ queued: number; running: number }>(
    `SELECT count(*) FILTER (WHERE status = 'queued')::int AS queued,
            count(*) FILTER (WHERE status = 'running')::int AS running FROM report`,
  )
  return { at: new Date(), queued: rows[0]?.queued ?? 0, running: rows[0]?.running ?? 0 }
}

/** 0 where there is no /proc, or the process has gone. */
function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Math.round((Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6)
  } catch {
    return 0
  }
}

/** How long processes have waited for a processor since this machine started; 0 where the system does not say. */
function cpuPressureMs(): number {
  try {
    return Number(/some .*total=(\d+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1] ?? 0) / 1000
  } catch {
    return 0
  }
}
