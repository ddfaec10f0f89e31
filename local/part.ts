/**
 * One process of the product on this machine: started with its own log and pid file, watched by its exit alone
 * (a process that a person stopped with SIGSTOP has not failed), started again when it dies, ended on
 * request. It leads a process group of its own, so that Ctrl-C reaches only the supervisor, which then stops the
 * parts in order.
 */

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { configurationExitCode, StartError } from '#domain/start-error.ts'
import { forgetProcess, rememberProcess } from './run-files.ts'
import { tailOf } from './log-tail.ts'

export interface PartFolders {
  /** Pid files. */
  run: string
  logs: string
}

export interface PartDefinition {
  /** Names the pid file and the log: `api`, `worker-1`, … */
  name: string
  /** What a person calls it. */
  title: string
  file: string
  args: string[]
  env?: NodeJS.ProcessEnv
  cwd?: string
  uid?: number
  gid?: number
  /**
   * Resolves when the part can be used. Asked again after it throws, until it resolves or time is up.
   */
  isReady: (context: { signal: AbortSignal; pid: number }) => Promise<void>
  readyWithinMs: number
  stopSignal: NodeJS.Signals
  /** After this it is killed. */
  stopWithinMs: number
  /** Before each start, such as removing a stale lock. */
  prepare?: () => Promise<void>
}

/** A part cannot be started; the message is for a person and holds the end of its log. */
export class PartError extends StartError {
  override readonly name = 'PartError'
}

const maxLogBytes = 20 * 1024 * 1024
const firstBackOffMs = 500
const maxBackOffMs = 30_000
/** A process that lived this long has recovered: the next death starts from the first back-off. */
const steadyAfterMs = 60_000
const bootTries = 3
const readyPollMs = 100

export class Part {
  readonly definition: PartDefinition
  readonly logFile: string
  #folders: PartFolders
  #say: (text: string) => void
  #child: ChildProcess | undefined
  #exited: Promise<string> = Promise.resolve('')
  #stopping = new AbortController()
  #deaths = 0
  #startedAt = 0
  #logFrom = 0

  constructor(definition: PartDefinition, folders: PartFolders, say: (text: string) => void) {
    this.definition = definition
    this.#folders = folders
    this.#say = say
    this.logFile = join(folders.logs, `${definition.name}.log`)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /**
   * Starts the part and waits until it can be used; from then on it is started again whenever it dies.
   * @throws PartError when it ends because of its configuration, which a second start does not mend; when it ends three times before it is ready, or is not ready in time.
   */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.#spawn()
      const end = await this.#readyOrEnd()
      if (end === null) break
      if (this.#stopping.signal.aborted)
        throw new PartError(`${this.definition.title} was stopped while it started.`)
      if (this.#child?.exitCode === configurationExitCode) {
        throw new PartError(`${this.definition.title} does not start:\n${this.#tail()}`)
      }
      if (attempt === bootTries) {
        throw new PartError(
          `${this.definition.title} does not start: it ${end}. The end of its log (${this.logFile}):\n${this.#tail()}`,
        )
      }
      this.#say(`${this.definition.title} ${end} while starting; trying again`)
      await this.#backOff(attempt)
    }
    void this.#watch()
  }

  /** Ends the part: its stop signal first, a kill when it does not end in time. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const child = this.#child
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(this.definition.stopSignal)
    // One that a person has suspended cannot act on the signal before it is continued.
    child.kill('SIGCONT')
    const gone = await Promise.race([
      this.#exited.then(() => true),
      delay(this.definition.stopWithinMs, false, { ref: false }),
    ])
    if (!gone) {
      this.#say(
        `${this.definition.title} did not stop within ${this.definition.stopWithinMs / 1000} s: killed`,
      )
      killGroup(child.pid)
      await this.#exited
    }
  }

  /** Ends the part at once, for a person who asked twice. */
  kill(): void {
    this.#stopping.abort()
    if (this.pid !== undefined) killGroup(this.pid)
  }

  async #spawn(): Promise<void> {
    const { definition } = this
    await definition.prepare?.()
    if (this.#stopping.signal.aborted) return
    if (existsSync(this.logFile) && statSync(this.logFile).size > maxLogBytes) {
      renameSync(this.logFile, `${this.logFile}.1`)
    }
    // The log is the process's own file, not a pipe through here: it goes on if the supervisor is killed.
    const log = openSync(this.logFile, 'a')
    this.#logFrom = statSync(this.logFile).size
    const child = spawn(definition.file, definition.args, {
      cwd: definition.cwd,
      env: definition.env,
      uid: definition.uid,
      gid: definition.gid,
      detached: true,
      stdio: ['ignore', log, log],
    })
    this.#child = child
    this.#startedAt = Date.now()
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        writeFileSync(log, `${error.message}\n`)
        resolve(`cannot be run (${error.message})`)
      })
      child.once('exit', (code, signal) =>
        resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
      )
    })
    void this.#exited.finally(() => {
      closeSync(log)
      forgetProcess(this.#folders.run, definition.name, child.pid)
    })
    if (child.pid !== undefined) rememberProcess(this.#folders.run, definition.name, child.pid)
  }

  /** null when ready; how it ended when it ended first. */
  async #readyOrEnd(): Promise<string | null> {
    const { isReady, readyWithinMs, title } = this.definition
    const waiting = new AbortController()
    const signal = AbortSignal.any([waiting.signal, this.#stopping.signal])
    const ready = (async () => {
      const deadline = Date.now() + readyWithinMs
      let last: unknown
      while (Date.now() < deadline && !signal.aborted) {
        try {
          await isReady({ signal, pid: this.pid ?? 0 })
          return null
        } catch (error) {
          last = error
          await delay(readyPollMs, undefined, { signal }).catch(() => undefined)
        }
      }
      if (signal.aborted) return null
      const reason = last instanceof Error ? last.message : String(last)
      throw new PartError(
        `${title} is not ready after ${readyWithinMs / 1000} s (${reason}). The end of its log (${this.logFile}):\n${this.#tail()}`,
      )
    })()
    try {
      const end = await Promise.race([ready, this.#exited])
      return this.#stopping.signal.aborted ? (end ?? 'was stopped') : end
    } finally {
      waiting.abort()
      ready.catch(() => undefined)
    }
  }

  async #watch(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const end = await this.#exited
      if (this.#stopping.signal.aborted) return
      this.#deaths = Date.now() - this.#startedAt > steadyAfterMs ? 1 : this.#deaths + 1
      const waitMs = this.#waitMs(this.#deaths)
      this.#say(`${this.definition.title} ${end}: starting it again in ${waitMs / 1000} s`)
      // Three quick deaths are no accident: show why.
      if (this.#deaths >= 3) this.#say(`The end of ${this.logFile}:\n${this.#tail()}`)
      await this.#backOff(this.#deaths)
      if (this.#stopping.signal.aborted) return
      try {
        await this.#spawn()
        if (this.pid !== undefined) this.#say(`${this.definition.title} runs again (pid ${this.pid})`)
      } catch (error) {
        this.#say(`${this.definition.title}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }

  #waitMs(times: number): number {
    return Math.min(firstBackOffMs * 2 ** (times - 1), maxBackOffMs)
  }

  async #backOff(times: number): Promise<void> {
    await delay(this.#waitMs(times), undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }

  #tail(): string {
    return tailOf(this.logFile, this.#logFrom)
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}
