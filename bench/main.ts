/**
 * `npm run bench -- NAME [--rows N] [--rounds N] [--list]`: one benchmark, standing on its own. Progress goes to
 * stderr; the last line on stdout is the result as JSON; raw samples are kept in bench/results/.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark, BenchmarkResult } from './benchmark.ts'
import { csvBenchmark } from './csv-benchmark.ts'
import { xlsxBenchmark } from './xlsx-benchmark.ts'

const benchmarks: readonly Benchmark[] = [csvBenchmark, xlsxBenchmark]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    rows: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    // Accepted because every benchmark is asked the same way; the demo data is the same on every run.
    seed: { type: 'string' },
  },
})

if (values.list) {
  for (const { name, says } of benchmarks) console.log(`${name.padEnd(10)}${says}`)
} else {
  await run(positionals[0])
}

async function run(name: string | undefined): Promise<void> {
  const benchmark = benchmarks.find((one) => one.name === name)
  const rows = wholeNumber(values.rows)
  const rounds = wholeNumber(values.rounds)
  if (!benchmark || rows === null || rounds === null) {
    const names = benchmarks.map((one) => one.name).join(', ')
    console.error(
      `Usage: npm run bench -- NAME [--rows N] [--rounds N] [--list], where NAME is one of: ${names}`,
    )
    process.exitCode = 1
    return
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
  }
  const result = await benchmark.run({
    rows,
    rounds,
    say: (line) => console.error(line),
    signal: stop.signal,
  })
  await keep(result)
  const { samples: _samples, ...line } = result
  console.log(JSON.stringify(line))
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
