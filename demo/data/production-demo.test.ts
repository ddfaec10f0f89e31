import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectFolder } from '#local/settings.ts'

let folder: string
/** A `node` that says what it was asked to run. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapporteur-node-'))
  await writeFile(join(folder, 'node'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 })
})
afterAll(() => rm(folder, { recursive: true }))

function run(file: string, args: string[], env: Record<string, string>) {
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(file, args, { env, cwd: projectFolder }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, output: out + err }),
    )
  })
}

it('the seeding of demo data ends in words in production, before it connects', async () => {
  const nowhere = 'postgresql://nobody@127.0.0.1:1/nowhere'
  const env = { NODE_ENV: 'production', DEMO: 'true', SOURCE_DATABASE_URL: nowhere }
  expect(await run(process.execPath, [join(projectFolder, 'demo/data/seed.ts')], env)).toEqual({
    code: 78,
    output: 'NODE_ENV=production: the demo’s tables and data are never written\n',
  })
})

it.each([
  [{ DEMO: 'true', NODE_ENV: 'production' }, false],
  [{ NODE_ENV: 'development' }, false],
  [{ DEMO: 'true', NODE_ENV: 'development' }, true],
])('the image’s migrate with %o seeds the demo: %s', async (variables, seeds) => {
  const { output } = await run(join(projectFolder, 'docker/entrypoint.sh'), ['migrate'], {
    ...variables,
    PATH: `${folder}:${process.env.PATH}`,
  })
  expect(output).toContain('prisma/migrate.ts')
  expect(output.includes('demo/')).toBe(seeds)
})
