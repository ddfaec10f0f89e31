import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Part, type PartDefinition } from './part.ts'
import { processIdentity } from './run-files.ts'

let folder: string
let said: string[]
let parts: Part[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapporteur-part-'))
  said = []
  parts = []
})
afterEach(async () => {
  await Promise.all(parts.map(async (part) => await part.stop()))
  await rm(folder, { recursive: true, force: true })
})

/** A part that runs `script`; ready once its log holds "up". */
function partOf(script: string, changes: Partial<PartDefinition> = {}): Part {
  const part: Part = new Part(
    {
      name: 'sample',
      title: 'The sample',
      file: process.execPath,
      args: ['-e', script],
      isReady: async () => {
        if (!readFileSync(part.logFile, 'utf8').includes('up')) throw new Error('not up yet')
      },
      readyWithinMs: 10_000,
      stopSignal: 'SIGTERM',
      stopWithinMs: 5_000,
      ...changes,
    },
    { run: folder, logs: folder },
    (text) => void said.push(text),
  )
  parts.push(part)
  return part
}

const lives = `console.log('up'); setInterval(() => {}, 1000)`
const pidFile = () => join(folder, 'sample.pid')

describe('a part', () => {
  it('has a pid file, which is removed when it stops', async () => {
    const part = partOf(lives)
    await part.start()
    expect(Number(readFileSync(pidFile(), 'utf8'))).toBe(part.pid)
    await part.stop()
    expect(existsSync(pidFile())).toBe(false)
    expect(processIdentity(part.pid as number)).toBeNull()
  })

  it('is not tried again when it ends because of its configuration', async () => {
    const part = partOf(`console.error('MAIL_FROM: is no address'); process.exit(78)`)
    await expect(part.start()).rejects.toThrow(/^The sample does not start:\n\s*MAIL_FROM: is no address$/)
    expect(said).toEqual([])
    expect(readFileSync(part.logFile, 'utf8')).toBe('MAIL_FROM: is no address\n')
  })

  it('is started again when it dies, with a line that says how it ended', async () => {
    const part = partOf(lives)
    await part.start()
    const first = part.pid as number
    process.kill(first, 'SIGKILL')
    await vi.waitFor(() => expect(said.at(-1)).toBe(`The sample runs again (pid ${part.pid})`), 5_000)
    expect(said[0]).toBe('The sample was ended by SIGKILL: starting it again in 0.5 s')
    expect(part.pid).not.toBe(first)
  })

  it('is not restarted while suspended, and can be stopped then', async () => {
    const part = partOf(lives)
    await part.start()
    const { pid } = part
    process.kill(pid as number, 'SIGSTOP')
    expect(part.pid).toBe(pid)
    await part.stop()
    expect(said).toEqual([])
    expect(processIdentity(pid as number)).toBeNull()
  })

  it('that never becomes ready fails after three tries, with the end of its log', async () => {
    const part = partOf(`console.error('no such database'); process.exit(3)`)
    await expect(part.start()).rejects.toThrow(
      /The sample does not start: it ended with code 3[^]*no such database/,
    )
    expect(said).toHaveLength(2)
  })

  it('whose program does not exist fails and says so', async () => {
    const part = partOf('', { file: join(folder, 'missing') })
    await expect(part.start()).rejects.toThrow(/cannot be run \(spawn .*missing ENOENT\)/)
  })

  it('that is not ready in time fails and says what is missing', async () => {
    const part = partOf(`setInterval(() => {}, 1000)`, { readyWithinMs: 300 })
    await expect(part.start()).rejects.toThrow(/The sample is not ready after 0.3 s \(not up yet\)/)
  })

  it('that ignores its stop signal is killed', async () => {
    const part = partOf(`process.on('SIGTERM', () => {}); ${lives}`, { stopWithinMs: 200 })
    await part.start()
    const pid = part.pid as number
    await part.stop()
    expect(processIdentity(pid)).toBeNull()
    expect(said).toEqual(['The sample did not stop within 0.2 s: killed'])
  })
})
