/** One process that makes files, from the worker's side. */

import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FailureCode } from '#domain/failures.ts'
import { fromErrorText } from './error-text.ts'
import {
  overMemoryLimit,
  type FileJob,
  type FileSettings,
  type FromFileProcess,
  type ToFileProcess,
} from './file-job.ts'
import type { WrittenFile } from '../write-report-file.ts'

export interface MakeOptions {
  /** Stops the job: the query is cancelled, the upload taken back. */
  signal?: AbortSignal
  /** Called with the rows written so far, on signs of life only: see write-report-file.ts. */
  onRows?: (total: number) => void
}

/** Why there is no file, by the name of its failure; `cause` is what went wrong over there. */
export class FileProcessError extends Error {
  override readonly name = 'FileProcessError'
  readonly code: FailureCode

  constructor(code: FailureCode, cause: Error) {
    super(cause.message, { cause })
    this.code = code
  }
}

const entry = join(import.meta.dirname, 'file-process.ts')
const megabyte = 1024 * 1024
/** Longer than taking back an upload and a query takes; after it the process is killed. */
const stopWithinMs = 12_000
/** The end of what a process wrote to stderr is kept: a crash says there why. */
const lastWordsLength = 2_000

export class FileMaker {
  /** Whether it may make another file. */
  isFit = true
  endsWhenIdle: NodeJS.Timeout | undefined
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>
  /** Resolves when it can be given work. */
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #memoryLimitBytes: number
  #lastWords = ''

  constructor(settings: FileSettings) {
    this.#memoryLimitBytes = settings.REPORT_MEMORY_LIMIT_MB * megabyte
    const child = fork(entry, {
      // Not this process's own: an inspector's port, a test runner's loader.
      execArgv: [`--max-old-space-size=${settings.REPORT_MEMORY_LIMIT_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    this.#child = child
    const stderr = child.stderr ?? Readable.from([])
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-lastWordsLength)
      process.stderr.write(text)
    })
    this.ended = new Promise((resolve) => {
      // Its last words may arrive after its end. (`close`, meant for that, never comes after a disconnect.)
      child.once('exit', (code, signal) => {
        const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
        void finished(stderr)
          .catch(() => {})
          .then(() => resolve(how))
      })
      // One that cannot be started at all has no end.
      child.on('error', ({ message }) => resolve(`could not be reached: ${message}`))
    })
    void this.ended.then(() => (this.isFit = false))
    this.ready = new Promise((resolve) => child.once('message', () => resolve()))
    void this.ready.then(() => this.#tell({ kind: 'settings', settings }))
  }

  async make(job: FileJob, { signal, onRows }: MakeOptions): Promise<WrittenFile> {
    signal?.throwIfAborted()
    let kill: NodeJS.Timeout | undefined
    const answer = Promise.withResolvers<WrittenFile>()
    const hear = (message: FromFileProcess) => {
      if (message.kind === 'rows') onRows?.(message.total)
      if (message.kind !== 'made' && message.kind !== 'failed') return
      // What a large file leaves behind is not the next one's budget.
      if (message.memoryBytes > this.#memoryLimitBytes / 2) this.isFit = false
      if (message.kind === 'made') return answer.resolve(message.file)
      const { code, cause } = message.failure
      answer.reject(new FileProcessError(code === 'stopped' ? 'internal_error' : code, fromErrorText(cause)))
    }
    const stop = () => {
      this.#tell({ kind: 'stop' })
      kill = setTimeout(() => this.#child.kill('SIGKILL'), stopWithinMs)
    }
    this.#child.on('message', hear)
    signal?.addEventListener('abort', stop, { once: true })
    const died = this.ended.then((how): never => {
      throw this.#death(how)
    })
    try {
      await Promise.race([this.ready, died])
      this.#tell({ kind: 'make', job })
      if (signal?.aborted) this.#tell({ kind: 'stop' })
      return await Promise.race([answer.promise, died])
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      clearTimeout(kill)
      signal?.removeEventListener('abort', stop)
      this.#child.off('message', hear)
    }
  }

  /** It goes by itself when the channel closes, having taken back what it was doing. */
  end(): void {
    this.isFit = false
    if (this.#child.connected) this.#child.disconnect()
  }

  #tell(message: ToFileProcess): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  #death(how: string): FileProcessError {
    const words = this.#lastWords.trim()
    const cause = new Error(`The process making the file ${how}${words && `. Its last words: ${words}`}`)
    const isMemory = words.includes(overMemoryLimit) || words.includes('JavaScript heap out of memory')
    return new FileProcessError(isMemory ? 'memory_limit_exceeded' : 'worker_lost', cause)
  }
}
