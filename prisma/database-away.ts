import { Prisma } from './client/client.ts'

/** Prisma's own codes for a server that cannot be reached, is too slow, or closed the connection. */
const awayCodes = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024']
const awayKinds = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']
/** SQLSTATE classes: connection exception, insufficient resources, operator intervention, system error. */
const awayStates = ['08', '53', '57', '58']
/** Messages of the driver, thrown as they are or inside an error that Prisma does not know. */
const awayMessages =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|timeout expired|No server of the address is|Query read timeout/

/**
 * Whether the product's own database could not be reached, or the connection was lost during a statement. Such an
 * error says nothing about the statement itself.
 */
export function isDatabaseAway(error: unknown): error is Error {
  if (error instanceof Prisma.PrismaClientInitializationError) return true
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const { kind, originalCode } = driverCause(error)
    return (
      awayCodes.includes(error.code) ||
      awayKinds.includes(kind) ||
      awayStates.includes(originalCode.slice(0, 2))
    )
  }
  return error instanceof Error && awayMessages.test(error.message)
}

/** Kind and SQLSTATE as the driver adapter reports them; empty when it reports none. */
function driverCause({ meta }: Prisma.PrismaClientKnownRequestError): { kind: string; originalCode: string } {
  const adapterError = meta?.driverAdapterError
  const cause: unknown = adapterError instanceof Error ? adapterError.cause : undefined
  const { kind, originalCode } = (cause ?? {}) as { kind?: unknown; originalCode?: unknown }
  return {
    kind: typeof kind === 'string' ? kind : '',
    originalCode: typeof originalCode === 'string' ? originalCode : '',
  }
}
