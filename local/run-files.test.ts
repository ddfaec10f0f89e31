import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  processIdentity,
  rememberProcess,
  runningSupervisor,
  rememberSupervisor,
  stopLeftovers,
} from './run-files.ts'

let folder: string
let child: ChildProcess
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapporteur-run-'))
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true })
  await once(child, 'spawn')
})
afterEach(async () => {
  child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

it('stops a process that a killed supervisor left, with a line that names it', async () => {
  const pid = child.pid as number
  rememberProcess(folder, 'worker-1', pid)
  const said: string[] = []
  await stopLeftovers(folder, (text) => void said.push(text))
  expect(said).toEqual([`Stopping worker-1 (pid ${pid}), left by an earlier start that was killed`])
  expect(processIdentity(pid)).toBeNull()
  expect(existsSync(join(folder, 'worker-1.pid'))).toBe(false)
})

it('does not stop another process that has the same id by now', async () => {
  const pid = child.pid as number
  rememberProcess(folder, 'worker-1', pid)
  writeFileSync(join(folder, 'worker-1.identity'), 'of a process that started earlier')
  await stopLeftovers(folder, () => expect.unreachable())
  expect(processIdentity(pid)).not.toBeNull()
  expect(existsSync(join(folder, 'worker-1.pid'))).toBe(false)
})

it('finds a running supervisor, not one that has ended', () => {
  expect(runningSupervisor(folder)).toBeNull()
  rememberSupervisor(folder)
  expect(runningSupervisor(folder)).toBe(process.pid)
  writeFileSync(join(folder, 'supervisor.pid'), '999999999')
  expect(runningSupervisor(folder)).toBeNull()
})
