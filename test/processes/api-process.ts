/** The API in a process of its own, to be killed. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '#local/ports.ts'
import { projectFolder } from '#local/settings.ts'
import { eventually } from '../eventually.ts'

export interface ApiProcess {
  url: string
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>
}

/** @param variables the environment's, on top of this process's own. */
export async function startApiProcess(variables: NodeJS.ProcessEnv): Promise<ApiProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(projectFolder, 'api/server.ts')], {
    cwd: projectFolder,
    env: { ...process.env, ...variables, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await eventually(
    () => isUp(child, url),
    (up) => up,
  )
  return {
    url,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function isUp(child: ChildProcess, url: string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`The API ended with code ${child.exitCode}`)
  return fetch(`${url}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  )
}
