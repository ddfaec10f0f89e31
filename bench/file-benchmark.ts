/**
 * The two file benchmarks: from the query to the object in storage, each contender in a process of its own, one
 * after the other in every round, so that a busy moment of the machine affects all.
 */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  describeMachine,
  median,
  type BenchmarkOptions,
  type BenchmarkResult,
  type Goal,
} from './benchmark.ts'
import { startFileServices } from './file-services.ts'
import type { ContenderJob, ContenderSample } from './contenders/contender.ts'

export interface FileBenchmark {
  name: 'csv' | 'xlsx'
  /** Name of the contender → its module in bench/contenders/. `ours` is among them. */
  contenders: Readonly<Record<string, string>>
  goals(ours: ContenderSample, peers: Readonly<Record<string, ContenderSample>>): Goal[]
  /** Rows found in our object, read by another library than wrote it. */
  countRows(object: NodeJS.ReadableStream): Promise<number>
}

export async function runFileBenchmark(
  benchmark: FileBenchmark,
  { rows, shape, rounds, say, signal }: BenchmarkOptions,
): Promise<BenchmarkResult> {
  const machine = describeMachine()
  const services = await startFileServices({ rows, shape, say, signal })
  try {
    const samples: Record<string, ContenderSample[]> = {}
    for (let round = 1; round <= rounds; round++) {
      for (const [name, module] of Object.entries(benchmark.contenders)) {
        // The peers know the columns of the plain shape.
        if (shape !== 'plain' && module !== 'ours') continue
        signal.throwIfAborted()
        const job = { ...services.job, key: `bench/${benchmark.name}/${module}`, format: benchmark.name }
        const sample = await runContender(module, job, signal)
        if (sample.rows !== undefined && sample.rows !== rows) {
          throw new Error(`${name} wrote ${sample.rows} rows, not ${rows}`)
        }
        ;(samples[name] ??= []).push(sample)
        say(
          `round ${round}/${rounds}  ${sample.seconds.toFixed(2).padStart(7)} s  ${sample.peak_mb} MB  ${name}`,
        )
      }
    }
    const found = await benchmark.countRows(await services.storage.read(`bench/${benchmark.name}/ours`))
    if (found !== rows) throw new Error(`our file holds ${found} rows, not ${rows}`)
    say(`our file, read back, holds ${found} rows`)

    const { ours, ...peers } = Object.fromEntries(
      Object.entries(samples).map(([name, all]) => [name, middle(all)]),
    )
    if (!ours) throw new Error('no contender is called ours')
    const isOfMemory = ({ name }: Goal) => name.endsWith('_mb')
    const goals = benchmark.goals(ours, peers).filter((goal) => shape === 'plain' || isOfMemory(goal))
    return { bench: benchmark.name, shape, machine, rows, ours, peers, goals, samples }
  } finally {
    await services.stop()
  }
}

function middle(samples: readonly ContenderSample[]): ContenderSample {
  return {
    ...samples.at(-1),
    seconds: round(median(samples.map((sample) => sample.seconds))),
    peak_mb: Math.round(median(samples.map((sample) => sample.peak_mb))),
  }
}

/** Rounds a ratio or seconds to the digits that a comparison needs. */
export function round(value: number): number {
  return Number(value.toFixed(3))
}

async function runContender(
  module: string,
  job: ContenderJob,
  signal: AbortSignal,
): Promise<ContenderSample> {
  const file = join(import.meta.dirname, 'contenders', `${module}.ts`)
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'], signal })
  const finished = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  child.stdin.end(JSON.stringify(job))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await finished
  if (code !== 0) throw new Error(`${module} ended with code ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as ContenderSample
}
