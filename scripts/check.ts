/** `npm run check`: everything that can be said about the code without running it. Each finding ends it with 1. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectFolder } from '#local/settings.ts'

interface Check {
  title: string
  file: string
  args: string[]
}

const tool = (path: string) => join(projectFolder, 'node_modules', path)

const checks: Check[] = [
  { title: 'types of the API’s answers', file: process.execPath, args: ['web/generate-api-types.ts'] },
  { title: 'types', file: tool('.bin/tsc'), args: ['--noEmit'] },
  { title: 'types of the pages', file: tool('.bin/tsc'), args: ['--noEmit', '--project', 'web'] },
  { title: 'format', file: tool('.bin/prettier'), args: ['--check', '--log-level', 'warn', '.'] },
  { title: 'lint', file: tool('.bin/oxlint'), args: ['--deny-warnings'] },
  { title: 'unused code', file: tool('.bin/knip'), args: [] },
  { title: 'house', file: process.execPath, args: ['scripts/check-house.ts'] },
  { title: 'licences', file: process.execPath, args: ['scripts/check-licences.ts'] },
  { title: 'kubernetes', file: process.execPath, args: ['scripts/check-manifests.ts'] },
  { title: 'documents', file: process.execPath, args: ['scripts/check-documents.ts'] },
  { title: 'commit subjects', file: process.execPath, args: ['scripts/check-commit-subject.ts'] },
]
/** By programs that not every machine has, with the arguments by which one says that it is there. */
const furtherChecks: (Check & { isThere: string[] })[] = [
  {
    title: 'docker compose',
    file: 'docker',
    args: ['compose', '--profile', '*', 'config', '--quiet'],
    isThere: ['compose', 'version'],
  },
  {
    title: 'promtool, rules',
    file: 'promtool',
    args: ['check', 'rules', 'docs/monitoring/alerts.yml'],
    isThere: ['--version'],
  },
  {
    title: 'promtool, when they fire',
    file: 'promtool',
    args: ['test', 'rules', 'docs/monitoring/alerts.test.yml'],
    isThere: ['--version'],
  },
]
for (const { isThere, ...check } of furtherChecks) {
  if ((await run(check.file, isThere)).code === 0) checks.push(check)
  else console.log(`  –  ${check.title}: not looked at, it is not installed here`)
}

const failed: string[] = []
// One after another: each uses every core by itself.
for (const { title, file, args } of checks) {
  const started = Date.now()
  const { code, output } = await run(file, args)
  const mark = code !== 0 ? '✗' : output.startsWith('not looked at') ? '–' : '✓'
  console.log(`  ${mark}  ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (mark !== '✓') console.log(output)
  if (code !== 0) failed.push(title)
}
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)

async function run(file: string, args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(file, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  return { code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }
}
