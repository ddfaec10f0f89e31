import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectFolder } from './settings.ts'

function npx(
  variables: Record<string, string>,
  ...args: string[]
): Promise<{ code: unknown; out: string; error: string }> {
  const { PATH } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(projectFolder, 'local/npx.mjs'), ...args],
      { env: { PATH, ...variables } },
      (failure, out, error) => resolve({ code: failure?.code ?? 0, out, error }),
    )
  })
}

it('prints nothing but what the command says', async () => {
  expect(await npx({}, 'version', '--json')).toMatchObject({ code: 0, error: '' })
})

it('takes the installation of `npm start` where no variable says otherwise, at its ports', async () => {
  const { code, error } = await npx({ PORT: '1', RAPPORTEUR_API_KEY: 'x', LANG: 'C' }, 'reports', 'list')
  expect(code).toBe(1)
  expect(error).toMatch(/^http:\/\/localhost:1 does not answer: /)
})

it.each([
  [{ PORT: 'web' }, /PORT: must be a port number/],
  [{ SMTP_ULR: 'smtp://127.0.0.1' }, /SMTP_ULR: is no variable of Rapporteur: did you mean SMTP_URL\?/],
])('ends in words where %j is wrong', async (variables, words) => {
  const { code, error } = await npx(variables, 'doctor')
  expect(code).toBe(78)
  expect(error).toMatch(words)
})
