/**
 * Builds the pages into dist/web. `--if-changed`: only when something they are made of is not what it was at the last
 * build, which takes a look at the files instead of seconds.
 */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { BuildStamp } from '#config/build-stamp.ts'
import { compressFiles } from './compress-files.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
const stamp = await BuildStamp.of(join(project, 'dist', 'web', '.built-from'), [
  'web/{index.html,vite.config.ts,compress-files.ts}',
  'web/{src,public}/**/*.*',
  'domain/**/*.ts',
  'package-lock.json',
])

if (!(stamp.isCurrent && process.argv.includes('--if-changed'))) {
  const started = Date.now()
  console.log('building …')
  await build({ configFile: join(project, 'web', 'vite.config.ts'), logLevel: 'error' })
  await compressFiles(join(project, 'dist', 'web'))
  await stamp.write()
  console.log(`built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
}
