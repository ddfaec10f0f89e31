import { setTimeout as delay } from 'node:timers/promises'
import { Part, type PartDefinition, type PartFolders } from '#local/part.ts'

/**
 * A process for fault injection: ended in a chosen way, away for a while, started again. One that dies without being
 * ended is started again by `Part` itself, which reports it.
 */
export class RestartablePart {
  #definition: PartDefinition
  readonly #folders: PartFolders
  readonly #say: (text: string) => void
  #part: Part
  #recovery: Promise<void> | null = null
  #isStopped = false

  constructor(definition: PartDefinition, folders: PartFolders, say: (text: string) => void) {
    this.#definition = definition
    this.#folders = folders
    this.#say = say
    this.#part = this.#newPart()
  }

  get definition(): PartDefinition {
    return this.#definition
  }

  /** What it is given at its next start, beside what it has. */
  set env(more: NodeJS.ProcessEnv) {
    this.#definition = { ...this.#definition, env: { ...this.#definition.env, ...more } }
  }

  get pid(): number | undefined {
    return this.#part.pid
  }

  /** False from the moment it is ended until it can be used again. */
  get isUp(): boolean {
    return this.#recovery === null
  }

  async start(): Promise<void> {
    await this.#part.start()
  }

  /**
   * Ends it by the signal, waits `awayMs`, starts it again. One restart at a time.
   * @returns when it can be used again, or was stopped meanwhile.
   * @throws PartError when it does not come back.
   */
  restart(signal: NodeJS.Signals, awayMs: number): Promise<void> {
    if (this.#recovery) throw new Error(`${this.definition.title} is being restarted already`)
    this.#recovery = this.#endAndStart(signal, awayMs).finally(() => (this.#recovery = null))
    return this.#recovery
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#part.stop()
    await this.#recovery?.catch(() => undefined)
    await this.#part.stop()
  }

  /** Kills it, without waiting. */
  kill(): void {
    this.#isStopped = true
    this.#part.kill()
  }

  async #endAndStart(signal: NodeJS.Signals, awayMs: number): Promise<void> {
    if (signal === 'SIGKILL') this.#part.kill()
    else if (signal !== this.definition.stopSignal && this.pid !== undefined) process.kill(this.pid, signal)
    await this.#part.stop()
    await delay(awayMs)
    if (this.#isStopped) return
    this.#part = this.#newPart()
    try {
      await this.#part.start()
    } catch (error) {
      if (!this.#isStopped) throw error
    }
  }

  #newPart(): Part {
    return new Part(this.definition, this.#folders, this.#say)
  }
}
