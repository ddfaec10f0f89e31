import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import JSZip from 'jszip'
import type { Benchmark } from './benchmark.ts'
import { round, runFileBenchmark, type FileBenchmark } from './file-benchmark.ts'

const usual = 'exceljs streaming writer'

const benchmark: FileBenchmark = {
  name: 'xlsx',
  contenders: { ours: 'ours', [usual]: 'exceljs-streaming' },
  goals(ours, peers) {
    const ratio = round(ours.seconds / (peers[usual]?.seconds ?? Number.NaN))
    return [
      { name: 'xlsx_time_vs_exceljs_streaming', goal: '<= 0.333', value: ratio, met: ratio <= 1 / 3 },
      { name: 'xlsx_peak_mb', goal: '< 220', value: ours.peak_mb, met: ours.peak_mb < 220 },
    ]
  },
  async countRows(object) {
    const zip = await JSZip.loadAsync(await buffer(object))
    let rows = 0
    for (const file of zip.file(/^xl\/worksheets\/sheet\d+\.xml$/)) {
      let tail = ''
      let inSheet = 0
      for await (const chunk of new Readable().wrap(file.nodeStream())) {
        const text = tail + (chunk as Buffer).toString('latin1')
        inSheet += text.split('<row ').length - 1
        // Shorter than a tag: a tag that is cut in two is found, and none is counted twice.
        tail = text.slice(-4)
      }
      // Each data sheet has a header; the last sheet describes the report and has no row of data.
      if (file.name !== lastSheet(zip)) rows += inSheet - 1
    }
    return rows
  },
}

function lastSheet(zip: JSZip): string {
  const count = zip.file(/^xl\/worksheets\/sheet\d+\.xml$/).length
  return `xl/worksheets/sheet${count}.xml`
}

export const xlsxBenchmark: Benchmark = {
  name: 'xlsx',
  description: 'an Excel file from the query to the object in storage, against exceljs’s streaming writer',
  run: (options) => runFileBenchmark(benchmark, options),
}
