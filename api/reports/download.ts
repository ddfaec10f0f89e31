/** A report's file, fetched straight from the storage by a presigned, short-lived URL. */

import type { Report } from '#prisma/client/client.ts'
import { contentTypeOf } from '#domain/object-keys.ts'
import { ApiProblem } from '../http/api-problem.ts'
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

export async function downloadOf(row: Report, { storage, now }: Pick<ApiDeps, 'storage' | 'now'>) {
  const file = fileOf(row)
  const expiresAt = new Date(now().getTime() + expiresInSeconds * 1000)
  const url = await storage.downloadUrl(file.key, {
    fileName: file.fileName,
    contentType: contentTypeOf(file.fileName),
    expiresInSeconds,
  })
  return { url, expiresAt, file }
}
