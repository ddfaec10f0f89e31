import { childProcesses } from './child-processes.ts'
import type { Product } from './product.ts'

/**
 * Suspends a part of the product with its child processes: connections stay open and get no answer.
 * @returns resumes it.
 */
export async function freeze(product: Product, part: string): Promise<() => void> {
  const parent = await product.pidOf(part)
  const all = [parent, ...(await childProcesses(parent)).map(({ pid }) => pid)]
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of all) process.kill(pid, 'SIGCONT')
  }
}
