/**
 * The pid files of `.local/run`: `NAME.pid` holds the process id alone, for people and scripts; `NAME.identity`
 * beside it says which process that was, because the system reuses process ids.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const supervisor = 'supervisor'

export function rememberProcess(folder: string, name: string, pid: number): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.pid`), `${pid}\n`)
  writeFileSync(join(folder, `${name}.identity`), processIdentity(pid) ?? '')
}

/** Removes the pid file, unless it already names a later process. */
export function forgetProcess(folder: string, name: string, pid: number | undefined): void {
  if (pid !== undefined && readPid(folder, name) !== pid) return
  rmSync(join(folder, `${name}.pid`), { force: true })
  rmSync(join(folder, `${name}.identity`), { force: true })
}

/** The supervisor that runs from this folder now, or null. */
export function runningSupervisor(folder: string): number | null {
  return livingProcess(folder, supervisor)
}

export function rememberSupervisor(folder: string): void {
  rememberProcess(folder, supervisor, process.pid)
}

export function forgetSupervisor(folder: string): void {
  forgetProcess(folder, supervisor, process.pid)
}

/**
 * Ends what a supervisor that was killed left running, workers and API before the parts they use.
 * Only processes that are provably those of the pid files are touched.
 */
export async function stopLeftovers(folder: string, say: (text: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.pid') && file !== `${supervisor}.pid`)
    .map((file) => file.slice(0, -'.pid'.length))
  const application = names.filter((name) => name === 'api' || name.startsWith('worker-'))
  const parts = names.filter((name) => !application.includes(name))
  for (const group of [application, parts]) {
    await Promise.all(
      group.map(async (name) => {
        const pid = livingProcess(folder, name)
        if (pid !== null) {
          say(`Stopping ${name} (pid ${pid}), left by an earlier start that was killed`)
          await endProcess(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM')
        }
        forgetProcess(folder, name, undefined)
      }),
    )
  }
}

async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  sendSignal(pid, signal)
  sendSignal(pid, 'SIGCONT')
  const deadline = Date.now() + 10_000
  while (processIdentity(pid) !== null && Date.now() < deadline) await delay(50)
  if (processIdentity(pid) !== null) {
    sendSignal(-pid, 'SIGKILL')
    await delay(200)
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** The process a pid file names, if it is still the same process. */
function livingProcess(folder: string, name: string): number | null {
  const pid = readPid(folder, name)
  if (pid === null) return null
  const identity = processIdentity(pid)
  if (identity === null) return null
  return identity === read(join(folder, `${name}.identity`)) ? pid : null
}

function readPid(folder: string, name: string): number | null {
  const pid = Number(read(join(folder, `${name}.pid`)) ?? '')
  return Number.isInteger(pid) && pid > 0 ? pid : null
}

/**
 * What tells a process from a later one of the same number: when it started, within this boot. Null when there is
 * no such process, or only its zombie.
 */
export function processIdentity(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`)
  if (stat !== null) {
    // The name in parentheses may hold anything; the fields after it are counted from the third on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    return `${read('/proc/sys/kernel/random/boot_id') ?? ''} ${fields[19]}`
  }
  if (process.platform === 'linux') return null
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
