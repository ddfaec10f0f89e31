/** A report's file, fetched straight from the storage by a presigned, short-lived URL. */

import type { Report, User } from '#prisma/client/client.ts'
import { mayUse } from '#catalogue/define-report.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { contentTypes } from '#domain/object-keys.ts'
import { fileFormats } from '#domain/report-status.ts'
import { viewerFrom } from '#domain/viewer.ts'
import type { Person } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'
import { usableType } from '../scheduled-reports/complete-definition.ts'
import type { ApiDeps } from '../deps.ts'

const expiresInSeconds = 5 * 60

export interface ReportFile {
  key: string
  fileName: string
  sizeBytes: number
  generatedAt: Date
}

/** @throws ApiProblem `file_not_ready` (409) or `file_removed` (410). */
export function fileOf(row: Report): ReportFile {
  if (row.fileRemovedAt) throw new ApiProblem('file_removed')
  const { objectKey, fileName, sizeBytes, fileAvailableAt } = row
  if (!objectKey || !fileName || sizeBytes === null || !fileAvailableAt)
    throw new ApiProblem('file_not_ready')
  return { key: objectKey, fileName, sizeBytes: Number(sizeBytes), generatedAt: fileAvailableAt }
}

/**
 * Files about the product itself stay with those who may read it: somebody who is an administrator no more keeps the
 * report's row, and not its file. Files of other types stay with their owner, as mails do.
 * @throws ApiProblem `forbidden`, `scope_missing`
 */
export function requireOpenFile(person: Person, { type }: Pick<Report, 'type'>, catalogue: Catalogue): void {
  if (catalogue.get(type)?.reads !== 'product' || usableType(type, person, catalogue)) return
  throw new ApiProblem(person.role === 'admin' ? 'scope_missing' : 'forbidden')
}

/** Whether the links in its mails have ended because its owner may no longer read what such a file tells. */
export function endedWithOwnersRole(
  { type, owner }: Pick<Report, 'type'> & { owner: User },
  catalogue: Catalogue,
): boolean {
  const definition = catalogue.get(type)
  return definition?.reads === 'product' && !mayUse(definition, viewerFrom(owner))
}

export async function downloadOf(row: Report, { storage, now }: Pick<ApiDeps, 'storage' | 'now'>) {
  const file = fileOf(row)
  const format = fileFormats.find((one) => one === row.format) ?? 'csv'
  const expiresAt = new Date(now().getTime() + expiresInSeconds * 1000)
  const url = await storage.downloadUrl(file.key, {
    fileName: file.fileName,
    contentType: contentTypes[format],
    expiresInSeconds,
  })
  return { url, expiresAt, file }
}
