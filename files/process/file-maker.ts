/** One process that makes files, from the worker's side. */

import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { isTracing, takeSpans } from '#adapters/tracing/spans.ts'
import type { Reads } from '#catalogue/define-report.ts'
import type { TypeFiles } from '#catalogue/type-files.ts'
import { leanNodeEnvironment, leanNodeOptions } from '#config/lean-node.ts'
import { createLogger } from '#config/logger.ts'
import type { FailureCode } from '#domain/failures.ts'
import { fromErrorText } from './error-text.ts'
import {
  overMemoryLimit,
  toFileSettings,
  type FileJob,
  type FileSettings,
  type FromFileProcess,
  type ToFileProcess,
} from './file-job.ts'
import type { WrittenFile } from '../write-report-file.ts'

export interface MakeOptions {
  /** Stops the job: the query is cancelled, the upload aborted. */
  signal?: AbortSignal
  /** Called with the rows written so far, only on real progress: see write-report-file.ts. */
  onRows?: (total: number) => void
}

/** Why there is no file, as a failure code; `cause` is the error in the process. */
export class FileProcessError extends Error {
  override readonly name = 'FileProcessError'
  readonly code: FailureCode
  /** Whether source or storage are not there for now. */
  readonly isAway: boolean

  constructor(code: FailureCode, cause: Error, isAway = false) {
    super(cause.message, { cause })
    this.code = code
    this.isAway = isAway
  }
}

const entry = join(import.meta.dirname, 'file-process.ts')
const megabyte = 1024 * 1024
/** Longer than aborting an upload and a query takes; then the process is killed. */
const stopTimeoutMs = 12_000
/** The length kept of the end of stderr, where a crash is explained. */
const stderrTailLength = 2_000
/** What these processes write themselves: Node's last words, and an organisation's own code. */
const logger = createLogger('file')

/**
 * The variables that Node and the PostgreSQL driver read. The process gets its settings as a message, and runs an
 * organisation's own code: what that code has no use for, such as AUTH_SECRET, is not in its environment. A process
 * of the same user may still read the worker's own, where the system allows it.
 */
const passedVariables =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SystemRoot|NODE_ENV|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_FILE|SSL_CERT_DIR|NODE_ICU_DATA|ICU_\w+|PG[A-Z_]+)$/

/**
 * Without keys of its own, the storage's client finds them as the AWS SDK does. The endpoints and files that these name
 * serve the whole worker, report types included: keys or a role that may use this one bucket are the safeguard.
 */
const credentialVariables =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|REGION|CA_BUNDLE|CONTAINER_\w+|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|STS_\w+|EC2_METADATA_\w+|ENDPOINT_URL_STS)$/

function passedOn(environment: NodeJS.ProcessEnv, { S3_ACCESS_KEY_ID }: FileSettings): NodeJS.ProcessEnv {
  const isPassed = (name: string) =>
    passedVariables.test(name) || (S3_ACCESS_KEY_ID === undefined && credentialVariables.test(name))
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isPassed(name)))
}

export class FileMaker {
  /** The database of the files that it may make. */
  readonly reads: Reads
  /** The report types that it was started with. */
  readonly types: TypeFiles | undefined
  /** Whether it may make another file. */
  isFit = true
  endsWhenIdle: NodeJS.Timeout | undefined
  /** What it held when it said so last; 0 before its first rows. */
  memoryBytes = 0
  /** Resolves with a description of how it ended. */
  readonly ended: Promise<string>
  /** Resolves when it can accept a job. */
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #memoryLimitBytes: number
  #stderrTail = ''
  #job: Pick<FileJob, 'number' | 'type'> | undefined

  constructor(settings: FileSettings, reads: Reads, types?: TypeFiles) {
    this.reads = reads
    this.types = types
    this.#memoryLimitBytes = settings.REPORT_MEMORY_LIMIT_MB * megabyte
    const child = fork(entry, {
      // Not the options of this process, such as an inspector's port or a test runner's loader.
      execArgv: [`--max-old-space-size=${settings.REPORT_MEMORY_LIMIT_MB}`, ...leanNodeOptions],
      env: { ...passedOn(process.env, settings), ...leanNodeEnvironment },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child = child
    const stderr = child.stderr ?? Readable.from([])
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-stderrTailLength)
      this.#log('warn', text)
    })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#log('info', text))
    this.ended = new Promise((resolve) => {
      // Its stderr may arrive after its exit. (`close`, meant for that, is never emitted after a disconnect.)
      child.once('exit', (code, signal) => {
        const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
        void finished(stderr)
          .catch(() => {})
          .then(() => resolve(how))
      })
      // A process that cannot be started emits no exit.
      child.on('error', ({ message }) => resolve(`could not be reached: ${message}`))
    })
    void this.ended.then(() => (this.isFit = false))
    this.ready = new Promise((resolve) => child.once('message', () => resolve()))
    const own = reads === 'source' ? types : undefined
    void this.ready.then(() =>
      this.#send({
        kind: 'settings',
        settings: toFileSettings(settings, reads),
        types: own,
        isTraced: isTracing(),
      }),
    )
  }

  async make(job: FileJob, { signal, onRows }: MakeOptions): Promise<WrittenFile> {
    signal?.throwIfAborted()
    this.#job = job
    let kill: NodeJS.Timeout | undefined
    const answer = Promise.withResolvers<WrittenFile>()
    const onMessage = (message: FromFileProcess) => {
      if (message.kind === 'spans') takeSpans(message.spans)
      if ('memoryBytes' in message) this.memoryBytes = message.memoryBytes
      if (message.kind === 'rows') onRows?.(message.total)
      if (message.kind !== 'made' && message.kind !== 'failed') return
      // Memory left by a large file must not reduce the limit of the next one.
      if (message.memoryBytes > this.#memoryLimitBytes / 2) this.isFit = false
      if (message.kind === 'made') return answer.resolve(message.file)
      const { code, cause, isAway } = message.failure
      const error = fromErrorText(cause)
      answer.reject(new FileProcessError(code === 'stopped' ? 'internal_error' : code, error, isAway))
    }
    const stop = () => {
      this.#send({ kind: 'stop' })
      kill = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs)
    }
    this.#child.on('message', onMessage)
    signal?.addEventListener('abort', stop, { once: true })
    const exited = this.ended.then((how): never => {
      throw this.#exitError(how)
    })
    try {
      await Promise.race([this.ready, exited])
      this.#send({ kind: 'make', job })
      if (signal?.aborted) this.#send({ kind: 'stop' })
      return await Promise.race([answer.promise, exited])
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      clearTimeout(kill)
      signal?.removeEventListener('abort', stop)
      this.#child.off('message', onMessage)
    }
  }

  /** The process exits when the channel closes, after it has aborted its job. */
  end(): void {
    this.isFit = false
    if (this.#child.connected) this.#child.disconnect()
  }

  #send(message: ToFileProcess): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  #log(level: 'info' | 'warn', text: string): void {
    const { number, type } = this.#job ?? {}
    logger[level]({ number, type, fileProcess: this.#child.pid }, text.trimEnd())
  }

  #exitError(how: string): FileProcessError {
    const words = this.#stderrTail.trim()
    const cause = new Error(`The process making the file ${how}${words && `. Its last words: ${words}`}`)
    const isMemory = words.includes(overMemoryLimit) || words.includes('JavaScript heap out of memory')
    return new FileProcessError(isMemory ? 'memory_limit_exceeded' : 'worker_lost', cause)
  }
}
