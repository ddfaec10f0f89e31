/** The storage: whether each ability that reports need works, by trying it on small objects. */

import { probeStorage } from '#adapters/storage/probe-storage.ts'
import type { StorageSettings } from '#adapters/storage/storage-client.ts'
import { StorageError } from '#adapters/storage/storage-error.ts'
import { findingsOf, wordsOf, type Finding } from './finding.ts'

const { ok, fault } = findingsOf('storage')
const manual = 'see "The storage" in docs/operations.md'
/** Who signs is not known, or signs with another key. */
const keyErrors =
  /InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|AuthorizationHeaderMalformed/

export async function checkStorage(settings: StorageSettings): Promise<Finding[]> {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint = 'AWS' } = settings
  const where = `bucket "${bucket}" at ${endpoint}`
  try {
    const { lacksNeeded, lacksUseful } = await probeStorage(settings)
    const lacks = Object.entries(lacksNeeded)
    const without = Object.keys(lacksUseful)
    if (lacks.length === 0) {
      const done = without.length === 0 ? '' : `; done in another way: ${without.join(', ')}`
      return [ok(`${where}: written, read, listed, deleted${done}`)]
    }
    return refusals(where, bucket, lacks)
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    if (error.kind === 'no_credentials') {
      const remedy =
        'Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or let this machine’s role give credentials'
      return [fault('storage_keys', `No credentials for ${where}: ${wordsOf(error)}`, remedy)]
    }
    return [
      fault(
        'storage_away',
        `${where} cannot be reached: ${wordsOf(error)}`,
        'Start the storage, or correct S3_ENDPOINT; meanwhile reports wait',
      ),
    ]
  }
}

function refusals(where: string, bucket: string, lacks: [string, StorageError][]): Finding[] {
  const [, first] = lacks[0] as [string, StorageError]
  if (lacks.some(([, { kind }]) => kind === 'no_bucket')) {
    return [
      fault(
        'storage_bucket_missing',
        `There is no ${where}`,
        `Create it, or correct S3_BUCKET; a worker that starts creates "${bucket}" where its keys may`,
      ),
    ]
  }
  const isKey = lacks.some(([, { message }]) => keyErrors.test(message))
  // One right that is missing is named by itself.
  const isAll = ['write', 'read', 'list'].every((ability) => lacks.some(([lacking]) => lacking === ability))
  if (isKey || (isAll && first.kind === 'rejected')) {
    return [
      fault(
        isKey ? 'storage_keys' : 'storage_refused',
        `${where} refuses these keys: ${wordsOf(first)}`,
        isKey
          ? 'Correct S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and S3_REGION'
          : `Give the keys the rights that reports need: ${manual}`,
      ),
    ]
  }
  return lacks.map(([ability, error]) =>
    fault(
      `storage_lacks_${ability}`,
      `${where} refuses to ${ability === 'download' ? 'give a file by a presigned address' : ability}: ${wordsOf(error)}`,
      ability === 'delete'
        ? 'Allow s3:DeleteObject: without it files stay beyond their retention, and the storage fills'
        : `Give the keys this right, or use a storage that has it: ${manual}`,
    ),
  )
}
