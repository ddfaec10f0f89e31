/**
 * Finds the two programs that are no npm packages, the Temporal server and the storage server: the variable that
 * names one, the PATH, a copy kept from an earlier time, the official download, a build from the pinned Go module.
 */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { arch, homedir, platform, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface Program {
  /** Also its file's name. */
  name: 'temporal' | 'versitygw'
  title: string
  version: string
  /** The variable that names the program's file. */
  variable: string
  goModule: string
  /** Folder of the official release's archive and its checksums. */
  releaseUrl: string
  archive: string
}

const goArch = arch() === 'x64' ? 'amd64' : arch()

export const temporalProgram: Program = {
  name: 'temporal',
  title: 'Temporal',
  version: '1.5.1',
  variable: 'TEMPORAL_CLI_PATH',
  goModule: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
  releaseUrl: 'https://github.com/temporalio/cli/releases/download/v1.5.1',
  archive: `temporal_cli_1.5.1_${platform()}_${goArch}.tar.gz`,
}

export const storageProgram: Program = {
  name: 'versitygw',
  title: 'the storage server (versitygw)',
  version: '1.8.0',
  variable: 'VERSITYGW_PATH',
  goModule: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
  releaseUrl: 'https://github.com/versity/versitygw/releases/download/v1.8.0',
  archive: `versitygw_v1.8.0_${platform() === 'darwin' ? 'Darwin' : 'Linux'}_${arch() === 'x64' ? 'x86_64' : arch()}.tar.gz`,
}

export interface FindOptions {
  /** The local folder: a program put into its `bin` is used. */
  localFolder: string
  say: (text: string) => void
  signal?: AbortSignal
}

const connectWithinMs = 8_000
const downloadWithinMs = 300_000

/** @throws Error that says what was tried and what to install. */
export async function findProgram(program: Program, options: FindOptions): Promise<string> {
  const named = process.env[program.variable]
  if (named) {
    if (isExecutable(named)) return named
    throw new Error(`${program.variable}: ${named} is no program that can be run`)
  }
  // Kept outside the clone, so that the next one does not download or build again.
  const cache = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'rapporteur',
    `${program.name}-${program.version}`,
  )
  const candidates = [
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
    join(options.localFolder, 'bin'),
    cache,
    goBinFolder(),
  ].map((folder) => join(folder, program.name))
  const found = candidates.find(isExecutable)
  if (found !== undefined) return found

  const { say } = options
  say(
    `Looking for ${program.title} ${program.version}: not in ${program.variable}, on the PATH, or kept from before; downloading the official release …`,
  )
  const failure = await download(program, cache, options).then(
    () => null,
    (error: unknown) => reasonOf(error),
  )
  options.signal?.throwIfAborted()
  if (failure === null) return join(cache, program.name)
  say(
    `The download did not work (${failure}); building ${program.title} with Go from ${program.goModule}. This takes some minutes, once.`,
  )
  try {
    await build(program, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new Error(
      `${program.title} can be neither found, downloaded (${failure}) nor built (${reasonOf(error)}). ` +
        `Install it and put it on the PATH, or name its file in ${program.variable}; or install Go 1.24 or later.`,
      { cause: error },
    )
  }
  return join(goBinFolder(), program.name)
}

async function download(program: Program, folder: string, { signal }: FindOptions): Promise<void> {
  const archive = await fetchBytes(`${program.releaseUrl}/${program.archive}`, signal)
  const checksums = (await fetchBytes(`${program.releaseUrl}/checksums.txt`, signal)).toString('utf8')
  const expected = checksums
    .split('\n')
    .find((line) => line.trim().endsWith(program.archive))
    ?.split(/\s+/)[0]
  if (expected === undefined) throw new Error(`the release has no checksum for ${program.archive}`)
  if (createHash('sha256').update(archive).digest('hex') !== expected)
    throw new Error('the checksum does not match')

  const work = await mkdtemp(join(tmpdir(), 'rapporteur-download-'))
  try {
    await writeFile(join(work, 'archive.tar.gz'), archive)
    await runQuietly('tar', ['-xzf', 'archive.tar.gz'], { cwd: work, signal })
    const file = (await readdir(work, { recursive: true })).find(
      (path) => path === program.name || path.endsWith(`/${program.name}`),
    )
    if (file === undefined) throw new Error(`${program.name} is not in ${program.archive}`)
    await chmod(join(work, file), 0o755)
    await mkdir(folder, { recursive: true })
    // Renamed from a name beside it: another start at the same time must not see half a program.
    const target = join(folder, program.name)
    await runQuietly('cp', [join(work, file), `${target}.${process.pid}`], { cwd: work, signal })
    await rename(`${target}.${process.pid}`, target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetchBytes(url: string, outer: AbortSignal | undefined): Promise<Buffer> {
  const connecting = new AbortController()
  const timer = setTimeout(() => connecting.abort(new Error('no answer in time')), connectWithinMs)
  const signals = [connecting.signal, AbortSignal.timeout(downloadWithinMs), ...(outer ? [outer] : [])]
  try {
    const response = await fetch(url, { signal: AbortSignal.any(signals), redirect: 'follow' })
    clearTimeout(timer)
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } finally {
    clearTimeout(timer)
  }
}

async function build(program: Program, { say, signal }: FindOptions): Promise<void> {
  const started = Date.now()
  let lastLine = 'starting'
  const alive = setInterval(() => {
    say(`  … still building ${program.title} (${Math.round((Date.now() - started) / 1000)} s; ${lastLine})`)
  }, 20_000)
  try {
    await runQuietly('go', ['install', '-v', '-ldflags=-s -w', program.goModule], {
      cwd: tmpdir(),
      signal,
      env: { ...process.env, GOBIN: goBinFolder(), CGO_ENABLED: '0' },
      onLine: (line) => (lastLine = line),
    })
  } finally {
    clearInterval(alive)
  }
  say(
    `${program.title} is built (${Math.round((Date.now() - started) / 1000)} s) and kept in ${goBinFolder()}.`,
  )
}

function goBinFolder(): string {
  if (process.env.GOBIN) return process.env.GOBIN
  return join(process.env.GOPATH?.split(delimiter)[0] || join(homedir(), 'go'), 'bin')
}

interface RunOptions {
  cwd: string
  signal?: AbortSignal
  env?: NodeJS.ProcessEnv
  onLine?: (line: string) => void
}

async function runQuietly(
  file: string,
  args: string[],
  { cwd, signal, env, onLine }: RunOptions,
): Promise<void> {
  const child = spawn(file, args, {
    cwd,
    env: env ?? process.env,
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) {
      lines.push(line)
      onLine?.(line)
    }
  })
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error(`${file} is not installed`) : error),
    )
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${file} ended with ${code}: ${lines.slice(-3).join(' ')}`))
    })
  })
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
