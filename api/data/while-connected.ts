import type { ApiContext } from '../http/api-env.ts'
import { ApiProblem } from '../http/api-problem.ts'

/**
 * Does work whose signal is aborted when the client closes the connection before its answer, or when the work fails:
 * what it began beside the part that failed must not go on.
 * @throws ApiProblem `client_gone`, which nobody reads but the access log.
 */
export async function whileConnected<Result>(
  { req }: ApiContext,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const client = req.raw.signal
  const stop = new AbortController()
  // The server gives a text as its reason; an error is what everything else throws.
  const leave = () => stop.abort(new ApiProblem('client_gone'))
  if (client.aborted) leave()
  client.addEventListener('abort', leave, { once: true })
  try {
    stop.signal.throwIfAborted()
    return await work(stop.signal)
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    client.removeEventListener('abort', leave)
  }
}
