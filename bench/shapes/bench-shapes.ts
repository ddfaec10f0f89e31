/** What the rows of the file benchmarks are like: as in most reports, of many long texts, of one that is very long. */

import { join } from 'node:path'

export const benchShapes = ['plain', 'wide', 'long'] as const
export type BenchShape = (typeof benchShapes)[number]

/** A folder of report types, over the table `bench_rows`. */
export const shapeTypesFolder = join(import.meta.dirname, 'report-types')

export const shapes: Readonly<Record<BenchShape, { type: string; usualRows: number }>> = {
  plain: { type: 'reception_ticket', usualRows: 100_000 },
  wide: { type: 'wide_texts', usualRows: 400 },
  long: { type: 'long_texts', usualRows: 200 },
}
