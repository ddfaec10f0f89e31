/** Keys and names of the files in the storage. */

import type { CsvOptions } from './csv-options.ts'
import type { FileFormat } from './report-status.ts'

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  'csv.gz': 'application/gzip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
export type FileExtension = keyof typeof contentTypes

/** @param csv how a CSV file is written. */
export function extensionFor(format: FileFormat, csv: Pick<CsvOptions, 'gzip'>): FileExtension {
  if (format === 'excel') return 'xlsx'
  return csv.gzip ? 'csv.gz' : 'csv'
}

/** What a file is, by the end of its name or key; all that is known of a stored file follows from it. */
export function extensionOf(name: string): FileExtension {
  if (name.endsWith('.xlsx')) return 'xlsx'
  return name.endsWith('.gz') ? 'csv.gz' : 'csv'
}

export function contentTypeOf(name: string): string {
  return contentTypes[extensionOf(name)]
}

/** Folder of all unfinished files. */
export const stagingRoot = 'staging/'

/** Folder of all finished files. */
export const artifactRoot = 'reports/'

/** Folder of what a worker writes at its start, to see what the storage can. */
export const probeRoot = 'probe/'

/** Folder of one report's unfinished files; each attempt of `generate` writes its own key under it. */
export function stagingPrefix(number: number): string {
  return `${stagingRoot}${number}/`
}

export function stagingKey(number: number, runId: string, attempt: number, extension: FileExtension): string {
  return `${stagingPrefix(number)}${runId}-${attempt}.${extension}`
}

/** Final object key, `reports/{yyyy}/{mm}/{N°}/{slug}.{ext}`; year and month in UTC. */
export function artifactKey(number: number, requestedAt: Date, fileName: string): string {
  const year = String(requestedAt.getUTCFullYear())
  const month = String(requestedAt.getUTCMonth() + 1).padStart(2, '0')
  return `${artifactRoot}${year}/${month}/${number}/${fileName}`
}

/** Lower-case ASCII words joined by hyphens: safe in an object key, a URL and every file system. */
export function slugify(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
  return slug || 'rapport'
}
