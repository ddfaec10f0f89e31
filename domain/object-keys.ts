/** Keys and names of the files in the storage. */

import type { FileFormat } from './report-status.ts'

export const fileExtensions: Readonly<Record<FileFormat, string>> = { csv: 'csv', excel: 'xlsx' }

export const contentTypes: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  excel: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
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

export function stagingKey(number: number, runId: string, attempt: number, format: FileFormat): string {
  return `${stagingPrefix(number)}${runId}-${attempt}.${fileExtensions[format]}`
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
