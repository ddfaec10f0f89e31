/** The options and the result of every benchmark. */

import { cpus, loadavg, totalmem } from 'node:os'
import type { BenchShape } from './shapes/bench-shapes.ts'

export interface BenchmarkOptions {
  rows: number
  /** `csv` and `xlsx`: what the rows are like. */
  shape: BenchShape
  /** Each contender runs once a round; the medians count. */
  rounds: number
  /** The same seed draws the same random choices. */
  seed: number
  /** `chaos`: how many reports are requested, and how many faults happen. */
  reports: number
  faults: number
  /** `chaos`: how long each part is away, one after the other, beside the faults; 0: none is. */
  outageSeconds: number
  /** Leaves logs and data behind, and says where. */
  keep: boolean
  say: (line: string) => void
  signal: AbortSignal
}

export interface Measurement {
  /** Wall time of the job itself, without the process's start. */
  seconds: number
  /** Most resident memory the process ever had, in MB (10⁶ bytes). */
  peak_mb: number
}

export interface Goal {
  name: string
  goal: string
  value: number
  met: boolean
}

export interface BenchmarkResult {
  bench: string
  shape?: BenchShape
  machine: Readonly<Record<string, unknown>>
  rows?: number
  ours: Measurement & Readonly<Record<string, unknown>>
  peers: Readonly<Record<string, Measurement & Readonly<Record<string, unknown>>>>
  goals: readonly Goal[]
  samples: unknown
}

export interface Benchmark {
  name: string
  description: string
  /** Unless --rows says otherwise; by shape where this is left out. */
  usualRows?: number
  run(options: BenchmarkOptions): Promise<BenchmarkResult>
}

export function describeMachine(): Record<string, unknown> {
  return {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 1e9),
    load_1m: Number((loadavg()[0] ?? 0).toFixed(2)),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
