/** Short work that ends by itself before the product starts, each in a process of its own. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface TaskOptions {
  title: string
  file: string
  args?: string[]
  env: NodeJS.ProcessEnv
  cwd: string
  say: (text: string) => void
  signal: AbortSignal
}

/**
 * Runs a module with this Node and shows each of its lines.
 * @throws Error with its last lines when it fails; ended by the signal, it throws the signal's reason.
 */
export async function runTask({ title, file, args = [], env, cwd, say, signal }: TaskOptions): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    cwd,
    env,
    // The supervisor handles Ctrl-C.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const last: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) =>
    say(line.startsWith(title) ? line : `${title}: ${line}`),
  )
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.push(line)
    if (last.length > 20) last.shift()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  if (code !== 0) throw new Error(`${title} failed:\n${last.map((line) => `  ${line}`).join('\n')}`)
}
