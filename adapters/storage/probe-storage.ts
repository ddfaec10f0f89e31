/** What a storage that speaks S3 can, found by trying it. */

import { randomUUID } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { probeRoot } from '#domain/object-keys.ts'
import { removeMany } from './remove-objects.ts'
import { createStorageClient, writeParams, type StorageSettings } from './storage-client.ts'
import { StorageError, toStorageError } from './storage-error.ts'

/** Without one of these no report is made, mailed or downloaded, or files stay for ever. */
const neededAbilities = ['write', 'head', 'read', 'list', 'multipart', 'download', 'delete'] as const
/** These make work cheaper; without them there is another way. */
const usefulAbilities = ['copy', 'delete_many', 'range', 'list_uploads'] as const

export type StorageAbility = (typeof neededAbilities | typeof usefulAbilities)[number]

export interface StorageProbe {
  /** Without which the product does not work, with the storage's words. */
  lacksNeeded: Partial<Record<StorageAbility, StorageError>>
  /** What is done in another way. */
  lacksUseful: Partial<Record<StorageAbility, StorageError>>
}

/** A probe takes seconds: what is older was left by a process that was killed. */
const leftBehindMs = 3_600_000
const downloadTimeoutMs = 10_000

/**
 * Tries each ability on small objects of its own, and removes them.
 * @throws StorageError `unavailable` or `no_credentials`: nothing can be said of a storage that is away.
 */
export async function probeStorage(settings: StorageSettings): Promise<StorageProbe> {
  const client = createStorageClient(settings, settings.S3_ENDPOINT)
  try {
    return await probe(client, settings)
  } finally {
    client.destroy()
  }
}

async function probe(client: S3Client, settings: StorageSettings): Promise<StorageProbe> {
  const Bucket = settings.S3_BUCKET
  const startedAt = Date.now()
  const prefix = `${probeRoot}${startedAt}-${randomUUID()}`
  const at = (name: string) => ({ Bucket, Key: `${prefix}/${name}` })
  const written = writeParams(settings)
  const Body = 'probe'
  const read = async (Range?: string) => {
    const { Body: body } = await client.send(new GetObjectCommand({ ...at('one'), Range }))
    const text = await body?.transformToString()
    const expected = Range === undefined ? Body : Body.slice(1, 3)
    if (text !== expected) throw unlike(`${Range ?? 'the whole'}: "${text}"`)
  }
  const abilities: Record<StorageAbility, () => Promise<unknown>> = {
    write: () => client.send(new PutObjectCommand({ ...at('one'), Body, ...written })),
    head: () => client.send(new HeadObjectCommand(at('one'))),
    read: () => read(),
    list: async () => {
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/` }))
      if (Contents?.length !== 1) throw unlike(`${Contents?.length ?? 0} objects listed instead of one`)
    },
    multipart: async () => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at('parts'), ...written }))
      try {
        const part = { ...at('parts'), UploadId, PartNumber: 1 }
        const { ETag } = await client.send(new UploadPartCommand({ ...part, Body }))
        const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] }
        await client.send(new CompleteMultipartUploadCommand({ ...at('parts'), UploadId, MultipartUpload }))
      } catch (error) {
        await client.send(new AbortMultipartUploadCommand({ ...at('parts'), UploadId })).catch(() => {})
        throw error
      }
    },
    // From here, by the address that workers use: the one that browsers use may not be reached from here.
    download: async () => {
      const url = await getSignedUrl(client, new GetObjectCommand(at('one')), { expiresIn: 60 })
      const answer = await fetch(url, { signal: AbortSignal.timeout(downloadTimeoutMs) })
      const text = await answer.text()
      if (!answer.ok) throw unlike(`a presigned address answers ${answer.status} ${text.slice(0, 200)}`)
    },
    copy: () => {
      const CopySource = `${Bucket}/${at('one').Key}`
      return client.send(
        new CopyObjectCommand({ ...at('copy'), CopySource, MetadataDirective: 'REPLACE', ...written }),
      )
    },
    range: () => read('bytes=1-2'),
    list_uploads: () => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: `${prefix}/` })),
    delete_many: () => removeMany(client, Bucket, [at('copy').Key, at('parts').Key]),
    delete: () => client.send(new DeleteObjectCommand(at('one'))),
  }
  const found: StorageProbe = { lacksNeeded: {}, lacksUseful: {} }
  try {
    for (const ability of [...neededAbilities.slice(0, -1), ...usefulAbilities, 'delete'] as const) {
      try {
        await abilities[ability]()
      } catch (error) {
        const failure = toStorageError(error, `${ability} (probe)`)
        if (failure.kind === 'unavailable' || failure.kind === 'no_credentials') throw failure
        const isNeeded = neededAbilities.some((one) => one === ability)
        found[isNeeded ? 'lacksNeeded' : 'lacksUseful'][ability] = failure
      }
    }
    return found
  } finally {
    for (const name of ['one', 'parts', 'copy']) {
      await client.send(new DeleteObjectCommand(at(name))).catch(() => {})
    }
    await removeLeftBehind(client, Bucket, startedAt - leftBehindMs).catch(() => {})
  }
}

async function removeLeftBehind(client: S3Client, Bucket: string, before: number): Promise<void> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: probeRoot }))
  for (const { Key = '' } of Contents) {
    const begunAt = Number(Key.slice(probeRoot.length).split('-')[0])
    if (begunAt < before) await client.send(new DeleteObjectCommand({ Bucket, Key }))
  }
}

function unlike(what: string): StorageError {
  return new StorageError('unsupported', `The storage answered otherwise than S3: ${what}`)
}
