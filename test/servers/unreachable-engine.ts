import { Client, Connection } from '@temporalio/client'

/** A client of a Temporal server that does not listen. */
export function unreachableEngine(namespace: string): Client {
  return new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }), namespace })
}
