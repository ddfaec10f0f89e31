/**
 * Errors of the storage, classified so that a caller can decide whether to retry.
 * - `unavailable`: not reached, timed out, 5xx, throttled: a retry may succeed.
 * - `missing`: no such object.
 * - `no_bucket`: the bucket does not exist, if the storage says so (its answers to HEAD have no text).
 * - `no_credentials`: the SDK's default chain found none, or who gives them is away.
 * - `rejected`: credentials or permission are refused: a retry fails too.
 * - `unsupported`: the request itself is refused (400, 405, 501): another kind of request may do.
 * - `too_large`: more bytes than allowed, by the caller or by the storage.
 * - `full`: no room for it, or a quota is used up: there may be some once somebody has made it.
 */
export type StorageErrorKind =
  | 'unavailable'
  | 'missing'
  | 'no_bucket'
  | 'no_credentials'
  | 'rejected'
  | 'unsupported'
  | 'too_large'
  | 'full'

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly kind: StorageErrorKind
  /** The HTTP status, when the error is an answer of the storage. */
  readonly status: number | undefined

  constructor(kind: StorageErrorKind, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.status = options.status
  }
}

/** Wraps an error of the AWS SDK; `action` is what was attempted, such as `upload staging/4/a.csv`. */
export function toStorageError(error: unknown, action: string): StorageError {
  if (error instanceof StorageError) return error
  const status = statusOf(error)
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new StorageError(kindOf(error, status), `The storage failed to ${action} (${reason})`, {
    cause: error,
    status,
  })
}

export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const metadata = error.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

/** Names of answers whose status alone would mislead: S3 says 400 to an expired token, and to a slow upload. */
const kindsByName: Readonly<Record<string, StorageErrorKind>> = {
  NoSuchBucket: 'no_bucket',
  CredentialsProviderError: 'no_credentials',
  EntityTooLarge: 'too_large',
  // Ceph says 403, MinIO 400 and 507.
  QuotaExceeded: 'full',
  XMinioAdminBucketQuotaExceeded: 'full',
  XMinioStorageFull: 'full',
  RequestTimeout: 'unavailable',
  ExpiredToken: 'rejected',
  InvalidToken: 'rejected',
  TokenRefreshRequired: 'rejected',
  InvalidAccessKeyId: 'rejected',
  AuthorizationHeaderMalformed: 'rejected',
}

function kindOf(error: unknown, status: number | undefined): StorageErrorKind {
  const named = error instanceof Error ? kindsByName[error.name] : undefined
  if (named) return named
  if (status === 501) return 'unsupported'
  if (status === 507) return 'full'
  if (status === undefined || status >= 500 || status === 429 || status === 408) return 'unavailable'
  if (status === 404) return 'missing'
  if (status === 413) return 'too_large'
  return status === 401 || status === 403 ? 'rejected' : 'unsupported'
}
