import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import type { Benchmark } from './benchmark.ts'
import { round, runFileBenchmark, type FileBenchmark } from './file-benchmark.ts'

const copy = 'psql \\copy'
const usual = 'pg-query-stream → csv-stringify'

const benchmark: FileBenchmark = {
  name: 'csv',
  contenders: { ours: 'ours', [copy]: 'psql-copy', [usual]: 'query-stream-csv' },
  goals(ours, peers) {
    const ratio = round(ours.seconds / (peers[usual]?.seconds ?? Number.NaN))
    return [
      { name: 'csv_time_vs_query_stream_csv_stringify', goal: '<= 0.5', value: ratio, met: ratio <= 0.5 },
      { name: 'csv_peak_mb', goal: '< 220', value: ours.peak_mb, met: ours.peak_mb < 220 },
    ]
  },
  async countRows(object) {
    let records = 0
    const parser = parse({ bom: true, delimiter: ';', record_delimiter: '\r\n' })
    await pipeline(object, parser, async (rows: AsyncIterable<string[]>) => {
      for await (const _row of rows) records++
    })
    return records - 1
  },
}

export const csvBenchmark: Benchmark = {
  name: 'csv',
  description: 'a CSV file from the query to the object in storage, against \\copy and csv-stringify',
  run: (options) => runFileBenchmark(benchmark, options),
}
