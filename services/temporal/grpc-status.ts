import { isGrpcServiceError } from '@temporalio/client'

/** The answers of Temporal that are told apart. @see https://grpc.io/docs/guides/status-codes/ */
export const grpcStatus = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  unauthenticated: 16,
} as const

/** @returns undefined for what is no answer of the server. */
export function grpcStatusOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined
}
