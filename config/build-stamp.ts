import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))

/** A file beside what was built that says what it was built from: looking at it takes milliseconds, a build seconds. */
export class BuildStamp {
  /** Whether the last build was made from the same files. */
  readonly isCurrent: boolean
  readonly #file: string
  readonly #hash: string

  private constructor(file: string, hash: string, isCurrent: boolean) {
    this.#file = file
    this.#hash = hash
    this.isCurrent = isCurrent
  }

  /** @param patterns of the project's files, relative to its folder; tests are left out. */
  static async of(file: string, patterns: string[]): Promise<BuildStamp> {
    const hash = await hashOf(patterns)
    return new BuildStamp(file, hash, (await readFile(file, 'utf8').catch(() => '')) === hash)
  }

  /** To be called when the build has succeeded. */
  async write(): Promise<void> {
    await writeFile(this.#file, this.#hash)
  }
}

async function hashOf(patterns: string[]): Promise<string> {
  const files: string[] = []
  for await (const name of glob(patterns, { cwd: project })) if (!name.endsWith('.test.ts')) files.push(name)
  const hash = createHash('sha256')
  for (const file of files.sort())
    hash
      .update(file)
      .update('\0')
      .update(await readFile(join(project, file)))
  return hash.digest('hex')
}
