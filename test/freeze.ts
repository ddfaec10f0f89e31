import { childProcesses } from './child-processes.ts'
import type { Product } from './product.ts'

/**
 * Stops a part of the product where it is, children and all: connections stay, and nobody answers.
 * @returns what lets it go on.
 */
export async function freeze(product: Product, part: string): Promise<() => void> {
  const parent = await product.pidOf(part)
  const all = [parent, ...(await childProcesses(parent)).map(({ pid }) => pid)]
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of all) process.kill(pid, 'SIGCONT')
  }
}
