import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { privateFolder } from './private-folder.ts'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'rapporteur-private-'))
})
afterEach(async () => await rm(parent, { recursive: true }))

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777

it('is its owner’s alone, whatever the rights of what is around it', async () => {
  const path = join(parent, 'a', 'b')
  await chmod(parent, 0o755)
  privateFolder(path)
  expect(await modeOf(path)).toBe(0o700)
  expect(await modeOf(parent)).toBe(0o755)
})

it('is closed when it is there with wider rights', async () => {
  const path = join(parent, 'open')
  await mkdir(path)
  await chmod(path, 0o775)
  privateFolder(path)
  expect(await modeOf(path)).toBe(0o700)
})

it('stays as it is when it is a shared one', async () => {
  const path = join(parent, 'shared')
  await mkdir(path)
  await chmod(path, 0o1777)
  privateFolder(path)
  expect(await modeOf(path)).toBe(0o1777)
})
