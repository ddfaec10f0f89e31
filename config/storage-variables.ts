/** Where files are kept: a bucket of AWS, or of a storage that speaks S3. */

import { z } from 'zod'
import type { Fault } from './production-faults.ts'

/** Files there cannot be fetched at once. */
const frozenClasses = ['GLACIER', 'DEEP_ARCHIVE']

export const storageVariables = {
  S3_ENDPOINT: z.url().optional(),
  /** The storage's address as a browser reaches it: presigned URLs name it. */
  S3_PUBLIC_ENDPOINT: z.url().optional(),
  S3_BUCKET: z.string().min(1),
  S3_REGION: z.string().default('us-east-1'),
  /** Both, or neither: then the AWS SDK's default chain (environment, profile, web identity, container or machine role). */
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** Goes with short-lived keys. It is not renewed: the default chain is. */
  S3_SESSION_TOKEN: z.string().optional(),
  /** `path`: https://endpoint/bucket/key; `virtual`: https://bucket.endpoint/key. Unset: path with S3_ENDPOINT. */
  S3_ADDRESSING: z.enum(['path', 'virtual'], 'is path or virtual').optional(),
  /** CRC32 of uploads and downloads. Storages of before January 2025 refuse them, so they are sent where S3 demands it. */
  S3_CHECKSUMS: z
    .enum(['when_required', 'when_supported'], 'is when_required or when_supported')
    .default('when_required'),
  /** Encryption at rest, asked for with each object; unset: as the bucket says. */
  S3_ENCRYPTION: z.enum(['AES256', 'aws:kms'], 'is AES256 or aws:kms').optional(),
  /** Of `aws:kms`; unset: the storage's own. */
  S3_KMS_KEY_ID: z.string().optional(),
  S3_STORAGE_CLASS: z
    .string()
    .regex(/^[A-Z0-9_-]+$/, 'is a storage class, such as STANDARD_IA')
    .refine((text) => !frozenClasses.includes(text), 'is a class whose files cannot be downloaded at once')
    .optional(),
} as const

/** What one variable says that another does not bear. */
export function storageFaults(given: Readonly<Record<string, string | undefined>>): Fault[] {
  const faults: Fault[] = []
  const has = (name: string) => given[name] !== undefined
  const both = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const
  const isMissing = both.filter((name) => !has(name))
  const asked = [...both, 'S3_SESSION_TOKEN'].filter(has)
  if (asked.length > 0) {
    for (const name of isMissing) {
      faults.push({ name, message: `is required when one of ${asked.join(', ')} is set` })
    }
  }
  if (has('S3_KMS_KEY_ID') && given['S3_ENCRYPTION'] !== 'aws:kms') {
    faults.push({ name: 'S3_KMS_KEY_ID', message: 'goes with S3_ENCRYPTION=aws:kms' })
  }
  return faults
}
