/** `npm start` with a fault that its operator can mend: a line in words, at once, and nothing started. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from './ports.ts'
import { projectFolder } from './settings.ts'

let parent: string
let free: Record<string, string>
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'rapporteur-start-'))
  await writeFile(join(parent, 'file'), '')
  await mkdir(join(parent, 'types'))
  await writeFile(join(parent, 'types', 'loans.mjs'), 'export default {')
  const names = [
    'PORT',
    'LOCAL_POSTGRES_PORT',
    'LOCAL_TEMPORAL_PORT',
    'LOCAL_TEMPORAL_UI_PORT',
    'LOCAL_S3_PORT',
  ]
  free = Object.fromEntries(
    await Promise.all(
      [...names, 'LOCAL_SMTP_PORT', 'LOCAL_INBOX_PORT'].map(async (name) => [name, String(await freePort())]),
    ),
  ) as Record<string, string>
})
afterAll(async () => await rm(parent, { recursive: true }))

function start(variables: Record<string, string>): Promise<{ code: unknown; output: string }> {
  const { PATH } = process.env
  const env = { PATH, LOCAL_DIR: join(parent, 'local'), ...free, ...variables }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(projectFolder, 'local/start.ts')],
      { env, cwd: parent, timeout: 30_000 },
      (error, out, err) => resolve({ code: error?.code ?? 0, output: out + err }),
    )
  })
}

it.each([
  ['MAIL_FROM', () => 'foo', /MAIL_FROM: is no address/],
  [
    'SMTP_ULR',
    () => 'smtp://127.0.0.1:25',
    /SMTP_ULR: is no variable of Rapporteur: did you mean SMTP_URL\?/,
  ],
  ['MAIL_DEFERRED_WAITS_SECONDS', () => '1;2', /MAIL_DEFERRED_WAITS_SECONDS: whole seconds .* commas/],
  ['REPORTS_DIR', () => '/nowhere', /REPORTS_DIR: the folder \/nowhere .* \(ENOENT\)/],
  ['REPORTS_DIR', () => join(parent, 'types'), /loans\.mjs: cannot be loaded: SyntaxError/],
  ['LOCAL_DIR', () => join(parent, 'file'), /LOCAL_DIR: the folder .* cannot be written to/],
  [
    'LOCAL_S3_PORT',
    () => free['PORT'] ?? '',
    /LOCAL_S3_PORT: \d+ for the storage is PORT, too, for the web pages/,
  ],
])('says what is wrong with %s, once and without a stack', async (name, value, words) => {
  const { code, output } = await start({ [name]: value() })
  expect(code).toBe(1)
  expect(output.match(new RegExp(words, 'g'))).toHaveLength(1)
  expect(output).not.toMatch(/^\s+at /m)
  expect(existsSync(join(parent, 'local', 'postgres'))).toBe(false)
})
