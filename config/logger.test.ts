import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  let line = ''
  const logger = createLogger('test', 'info', { write: (text: string) => void (line = text) })
  write(logger)
  expect(line.endsWith('}\n')).toBe(true)
  expect(line.length).toBeLessThan(30_000)
  return JSON.parse(line) as Record<string, unknown>
}

const long = 'x'.repeat(900_000)
/** An escape sequence that clears a terminal, C1's, a mark that turns the direction of text, a line separator. */
const controls = 'a\u001b[2Jb\u009bc\u202ed\u2028e\u0000f'

it('cuts texts from outside, wherever they are', () => {
  const line = logged((logger) =>
    logger.warn({ path: long, deep: { list: [long], more: { email: long } }, err: new Error(long) }, long),
  )
  expect(line.path).toMatch(/^x{2000}… \(900000 characters\)$/)
  expect(line.deep).toMatchObject({
    list: [expect.stringMatching(/^x{2000}…/)],
    more: { email: expect.any(String) },
  })
  expect(line.msg).toMatch(/^x{2000}…/)
  expect(line.err).toMatchObject({ message: expect.stringMatching(/^x{2000}…/), type: 'Error' })
})

it('replaces control characters, which a terminal would act on', () => {
  const line = logged((logger) => logger.info({ email: controls, err: new Error(controls) }, controls))
  for (const text of [line.email, line.msg, (line.err as { message: string }).message]) {
    expect(text).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf')
  }
})

it('keeps causes, codes and the lines of a stack', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  const { err } = logged((logger) => logger.error({ err: new Error('no database', { cause }) }, 'failed'))
  expect(err).toMatchObject({
    message: expect.stringContaining('no database'),
    stack: expect.stringContaining('\n'),
  })
  expect(JSON.stringify(err)).toContain('refused')
})

it('ends a structure that is too deep or leads back to itself', () => {
  const loop: Record<string, unknown> = { list: Array.from({ length: 5_000 }, () => 'x') }
  loop.self = loop
  expect(logged((logger) => logger.info({ loop }, 'loop'))).toMatchObject({ msg: 'loop' })
})

it('keeps an error’s words and causes under any name', () => {
  const error = new Error('the file failed', { cause: new Error('42P01: no such table') })
  const line = logged((logger) => logger.warn({ error, deep: { errors: [error] } }, 'failed'))
  expect(line.error).toMatchObject({ type: 'Error', message: 'the file failed: 42P01: no such table' })
  expect(line.deep).toMatchObject({ errors: [{ message: 'the file failed: 42P01: no such table' }] })
})
