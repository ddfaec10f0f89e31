/** A report's file, fetched straight from the storage by a presigned, short-lived URL. */

import { contentDisposition } from '#adapters/storage/storage.ts'
import type { Report, User } from '#prisma/client/client.ts'
import { mayUse } from '#catalogue/define-report.ts'
import type { Catalogue } from '#catalogue/load-catalogue.ts'
import { contentTypeOf } from '#domain/object-keys.ts'
import { viewerFrom } from '#domain/viewer.ts'
import type { Person } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'
import { usableType } from '../scheduled-reports/complete-definition.ts'
import type { ApiDeps } from '../deps.ts'

const expiresInSeconds = 5 * 60
/** A person waits for it. */
const lookTimeoutMs = 5_000

export interface ReportFile {
  key: string
  fileName: string
  sizeBytes: number
  generatedAt: Date
}

/** @throws ApiProblem `file_not_ready` (409) or `file_removed` (410). */
function fileOf(row: Report): ReportFile {
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

/**
 * The file, which the storage has: otherwise the person would be sent to the storage's own words, in XML. It may still
 * be lost, or the storage go away, before the browser comes there.
 * @throws ApiProblem those of `fileOf`; `file_missing` (410) or `storage_unavailable` (503).
 */
async function storedFile(row: Report, { storage }: Pick<ApiDeps, 'storage'>): Promise<ReportFile> {
  const file = fileOf(row)
  const found = await storage
    .head(file.key, { signal: AbortSignal.timeout(lookTimeoutMs) })
    .catch((cause: unknown) => {
      throw new ApiProblem('storage_unavailable', { cause })
    })
  if (!found) throw new ApiProblem('file_missing')
  return file
}

export async function downloadOf(row: Report, { storage, now }: Pick<ApiDeps, 'storage' | 'now'>) {
  const file = await storedFile(row, { storage })
  const link = await storage.downloadUrl(file.key, {
    fileName: file.fileName,
    contentType: contentTypeOf(file.fileName),
    expiresInSeconds,
  })
  return { url: link.url, expiresAt: new Date(now().getTime() + link.expiresInSeconds * 1000), file }
}

/**
 * What a HEAD request is told. It is not sent on to the storage: the address there is signed for GET alone.
 * @throws ApiProblem as `downloadOf`
 */
export async function downloadHeaders(
  row: Report,
  deps: Pick<ApiDeps, 'storage'>,
): Promise<Record<string, string>> {
  const { fileName, sizeBytes } = await storedFile(row, deps)
  return {
    'content-type': contentTypeOf(fileName),
    'content-length': String(sizeBytes),
    'content-disposition': contentDisposition(fileName),
  }
}
