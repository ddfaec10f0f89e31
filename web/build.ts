/**
 * Builds the pages into dist/web. `--if-changed`: only when something they are made of is not what it was at the last
 * build, which takes a look at the files instead of seconds.
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { compressFiles } from './compress-files.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(project, 'dist', 'web', '.built-from')
const sources = [
  'web/{index.html,vite.config.ts,compress-files.ts}',
  'web/{src,public}/**/*.*',
  'domain/**/*.ts',
  'package-lock.json',
]

const from = await hashOf(sources)
const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === from
if (!(current && process.argv.includes('--if-changed'))) {
  const started = Date.now()
  console.log('building …')
  await build({ configFile: join(project, 'web', 'vite.config.ts'), logLevel: 'error' })
  await compressFiles(join(project, 'dist', 'web'))
  writeFileSync(stamp, from)
  console.log(`built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
}

async function hashOf(patterns: string[]): Promise<string> {
  const files: string[] = []
  for await (const name of glob(patterns, { cwd: project })) if (!name.endsWith('.test.ts')) files.push(name)
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(project, file)))
  }
  return hash.digest('hex')
}
