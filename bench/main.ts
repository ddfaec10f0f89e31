/**
 * `npm run bench -- NAME [--rows N] [--shape plain|wide|long] [--rounds N] [--seed N] [--reports N] [--faults N]
 * [--outage-seconds N] [--keep] [--list]`: one benchmark, standing alone. Progress goes to stderr; the last line on stdout is the result as JSON; raw samples
 * are kept in bench/results/.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark, BenchmarkResult } from './benchmark.ts'
import { actionsBenchmark } from './actions-benchmark.ts'
import { abuseBenchmark } from './abuse-benchmark.ts'
import { chaosBenchmark } from './chaos-benchmark.ts'
import { csvBenchmark } from './csv-benchmark.ts'
import { mailLimitsBenchmark } from './mail-limits-benchmark.ts'
import { schedulesBenchmark } from './schedules-benchmark.ts'
import { benchShapes, shapes } from './shapes/bench-shapes.ts'
import { xlsxBenchmark } from './xlsx-benchmark.ts'

const benchmarks: readonly Benchmark[] = [
  csvBenchmark,
  xlsxBenchmark,
  schedulesBenchmark,
  chaosBenchmark,
  abuseBenchmark,
  mailLimitsBenchmark,
  actionsBenchmark,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    rows: { type: 'string' },
    shape: { type: 'string', default: 'plain' },
    rounds: { type: 'string', default: '3' },
    // The file benchmarks take it as well, although their demo data is the same on every run.
    seed: { type: 'string', default: '1' },
    reports: { type: 'string', default: '200' },
    faults: { type: 'string', default: '44' },
    'outage-seconds': { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

if (values.list) {
  for (const { name, description } of benchmarks) console.log(`${name.padEnd(13)}${description}`)
} else {
  await run(positionals[0])
}

async function run(name: string | undefined): Promise<void> {
  const benchmark = benchmarks.find((one) => one.name === name)
  const shape = benchShapes.find((one) => one === values.shape)
  const rows = wholeNumber(values.rows ?? String(benchmark?.usualRows ?? shapes[shape ?? 'plain'].usualRows))
  const rounds = wholeNumber(values.rounds)
  const seed = wholeNumber(values.seed)
  const reports = wholeNumber(values.reports)
  const faults = wholeNumber(values.faults)
  const outage = values['outage-seconds']
  const outageSeconds = outage === undefined ? 0 : wholeNumber(outage)
  if (
    !benchmark ||
    shape === undefined ||
    rows === null ||
    rounds === null ||
    seed === null ||
    reports === null ||
    faults === null ||
    outageSeconds === null
  ) {
    const names = benchmarks.map((one) => one.name).join(', ')
    console.error(
      'Usage: npm run bench -- NAME [--rows N] [--shape plain|wide|long] [--rounds N] [--seed N] [--reports N]' +
        ' [--faults N] [--outage-seconds N] [--keep] [--list],' +
        ` where NAME is one of: ${names}`,
    )
    process.exitCode = 1
    return
  }
  const { keep: leave } = values
  const say = (line: string) => console.error(line)
  const signal = stopSignal(say)
  const result = await benchmark
    .run({ rows, shape, rounds, seed, reports, faults, outageSeconds, keep: leave, say, signal })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
      say(`Stopped: ${String(signal.reason)}`)
      process.exit(130)
    })
  await keep(result)
  const { samples: _samples, ...line } = result
  console.log(JSON.stringify(line))
}

/** Ctrl-C stops what was started, in order; a second one after a while ends the process at once. */
function stopSignal(say: (line: string) => void): AbortSignal {
  const stop = new AbortController()
  const exitAfterMs = 2_000
  let firstAt = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstAt === 0) {
        firstAt = Date.now()
        say(`${signal}: stopping what was started …`)
        stop.abort(signal)
      } else if (Date.now() - firstAt > exitAfterMs) process.exit(130)
    })
  }
  return stop.signal
}

async function keep(result: BenchmarkResult): Promise<void> {
  const folder = join(import.meta.dirname, 'results')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${result.bench}-${new Date().toISOString().replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`)
}

function wholeNumber(text: string): number | null {
  const number = Number(text)
  return Number.isSafeInteger(number) && number >= 1 ? number : null
}
