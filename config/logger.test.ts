import { context, ROOT_CONTEXT, trace, type ContextManager } from '@opentelemetry/api'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { projectFolder } from '#local/settings.ts'
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

it('says when in ISO 8601 and how grave in words', () => {
  const line = logged((logger) => logger.warn('late'))
  expect(line).toMatchObject({ level: 'warn', name: 'test', msg: 'late' })
  expect(new Date(line.time as string).toISOString()).toBe(line.time)
})

it.each([
  ['<anna.dupont+x@ville.test>: no such user', '<a***@ville.test>: no such user'],
  ['anna@ville.test, bruno@sous.domaine.fr', 'a***@ville.test, b***@sous.domaine.fr'],
  ['élodie@mairie.éducation', 'é***@mairie.éducation'],
  ['/v1/users?email=anna%40ville.test', '/v1/users?email=a***%40ville.test'],
  ['postgresql://reader@db.ville.test/till', 'postgresql://r***@db.ville.test/till'],
  ['at file:///app/node_modules/@temporalio/common/lib/failure.js:185', null],
  ['worker 1234@host, pino@10.4.0', null],
])('masks the mailbox in %s', (text, shown) => {
  const about = { text, [text]: 1, err: Object.assign(new Error(text), { rejected: [text] }) }
  const line = logged((logger) => logger.info(about, text))
  const expected = shown ?? text
  expect(line).toMatchObject({ text: expected, [expected]: 1, msg: expected })
  expect(line.err).toMatchObject({ message: expected, rejected: [expected] })
  if (shown !== null) expect(JSON.stringify(line)).not.toContain(text)
})

it('masks an address that stands where a text is cut, and stays quick', () => {
  const text = `${'x'.repeat(1_990)} anna@ville.test`
  expect(logged((logger) => logger.info(text)).msg).toMatch(/^x{1990} a\*\*\*@vill… \(2006 characters\)$/)
  const startedAt = performance.now()
  logged((logger) =>
    logger.info({ many: Array.from({ length: 12 }, () => 'a@'.repeat(1_000)) }, 'a'.repeat(2_000)),
  )
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

it('leaves out the tokens by which a task could be answered', () => {
  const token = 'CiQ2YTZiNDA0Ny1iODlhLTRmMGEtYTdhMy0yMGM5ZTdjMzBlMWE='
  const about = { taskToken: token, deep: { task_token: token, bytes: Buffer.from(token) } }
  const line = JSON.stringify(
    logged((logger) => logger.info(about, `no task TaskToken(${token}) taskToken: "${token}"`)),
  )
  expect(line).not.toContain(token.slice(0, 20))
  expect(line).toContain('TaskToken(…)')
})

it('names the trace and the span in progress', () => {
  const span = trace.wrapSpanContext({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
  })
  const manager: ContextManager = {
    active: () => trace.setSpan(ROOT_CONTEXT, span),
    with: (_active, work, self, ...args) => work.call(self as never, ...args),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  context.setGlobalContextManager(manager)
  try {
    expect(logged((logger) => logger.info('within'))).toMatchObject({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
    })
  } finally {
    context.disable()
  }
  expect(logged((logger) => logger.info('without'))).not.toHaveProperty('trace_id')
})

it('writes for a person with LOG_FORMAT=pretty, to the last line of a process that ends', async () => {
  const code = `import { createLogger, logWholeProcess } from '#config/logger.ts'
    const logger = createLogger('worker')
    logWholeProcess(logger)
    console.log('from a library')
    logger.info({ number: 42 }, 'report ended')
    throw new Error('anna@ville.test')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: projectFolder,
    env: { ...process.env, LOG_FORMAT: 'pretty', LOG_LEVEL: 'wrong' },
  })
  const output = await text(child.stdout)
  expect(output).toMatch(
    /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: worker from a library .*\n.*worker report ended \{"number":42\}\n/,
  )
  expect(output).toMatch(/FATAL: worker uncaught error: the process ends[^]*"message": "a\*\*\*@ville\.test"/)
})
