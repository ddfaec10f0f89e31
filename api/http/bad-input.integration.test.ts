import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApi, type Answer, type Caller, type TestApi } from '#test/worlds/test-api.ts'

const base = '/v1/admin/scheduled-reports'
const whole = {
  name: 'Tickets du jour',
  type: 'reception_ticket',
  frequency: 'daily',
  recipients: ['quai@exemple.fr'],
  format: 'excel',
}

let api: TestApi
let admin: Caller
beforeAll(async () => {
  api = await createTestApi({ variables: { RECIPIENT_DOMAINS: 'exemple.fr,Exemple.ORG' } })
  admin = await api.signIn('admin')
})
afterAll(async () => await api.close())
beforeEach(async () => {
  await api.prisma.user.update({ where: { email: 'admin@rapporteur.test' }, data: { locale: 'fr' } })
})

interface Problem {
  code: string
  title: string
  errors?: { path: string; message: string }[]
}

function problemOf(answer: Answer): Problem {
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  const problem = answer.body as Problem & { status: number; type: string; request_id: string }
  expect(problem.status).toBe(answer.status)
  expect(problem.type).toBe(`urn:rapporteur:problem:${problem.code}`)
  expect(problem.request_id).toBe(answer.headers.get('x-request-id'))
  return problem
}

/** Expects in each language the same path, two different sentences, and nothing stored. */
async function refusedInBothLanguages(
  send: () => Promise<Answer>,
  status: number,
  path: string,
): Promise<string[]> {
  const sentences: string[] = []
  for (const locale of ['fr', 'en']) {
    await api.prisma.user.update({ where: { email: 'admin@rapporteur.test' }, data: { locale } })
    const answer = await send()
    const problem = problemOf(answer)
    expect({ status: answer.status, code: problem.code, body: answer.body }).toMatchObject({
      status,
      code: 'validation_failed',
    })
    const error = problem.errors?.find((one) => one.path === path)
    expect(error, JSON.stringify(problem.errors)).toBeDefined()
    sentences.push(error?.message ?? '')
  }
  expect(sentences[0]).not.toBe(sentences[1])
  expect(sentences.every((sentence) => /[.!?]$/.test(sentence))).toBe(true)
  expect(await api.prisma.scheduledReport.count()).toBe(0)
  expect(await api.prisma.report.count()).toBe(0)
  expect(api.engine.applied).toEqual([])
  expect(api.engine.started).toEqual([])
  return sentences
}

describe('an invalid scheduled report', () => {
  const cases: [what: string, change: object, path: string][] = [
    ['unknown type', { type: 'nothing' }, 'type'],
    ['a type named like an object’s own', { type: 'constructor' }, 'type'],
    ['unknown column', { columns: ['number', 'nothing'] }, 'columns.1'],
    ['no column', { columns: [] }, 'columns'],
    ['unknown filter', { filters_json: { nothing: 1 } }, 'filters_json.nothing'],
    ['filter of the wrong shape', { filters_json: { period: '2026' } }, 'filters_json.period'],
    ['filters that are a list', { filters_json: [] }, 'filters_json'],
    ['no cron expression', { frequency: 'custom' }, 'cron_expression'],
    ['a minute that no hour has', { frequency: 'custom', cron_expression: '61 * * * *' }, 'cron_expression'],
    ['six fields', { frequency: 'custom', cron_expression: '0 0 8 * * *' }, 'cron_expression'],
    ['cron’s L', { frequency: 'custom', cron_expression: '0 8 L * *' }, 'cron_expression'],
    ['cron’s #', { frequency: 'custom', cron_expression: '0 8 * * 1#2' }, 'cron_expression'],
    ['unknown time zone', { time_zone: 'Europe/Atlantis' }, 'time_zone'],
    ['a time that no clock shows', { time: '24:00' }, 'time'],
    ['a weekday that no week has', { frequency: 'weekly', weekdays: [8] }, 'weekdays'],
    ['a day that no month has', { frequency: 'monthly', month_day: 32 }, 'month_day'],
    ['unknown frequency', { frequency: 'sometimes' }, 'frequency'],
    ['unknown format', { format: 'pdf' }, 'format'],
    ['an address that is not one', { recipients: ['quai@exemple.fr', 'quai@'] }, 'recipients.1'],
    [
      'an address with a line break',
      { recipients: ['quai@exemple.fr\nBcc: tous@exemple.fr'] },
      'recipients.0',
    ],
    ['a name and an address', { recipients: ['Quai <quai@exemple.fr>'] }, 'recipients.0'],
    ['a domain that is not allowed', { recipients: ['quai@exemple.fr', 'a@ailleurs.fr'] }, 'recipients.1'],
    ['no recipient', { recipients: [] }, 'recipients'],
    [
      '101 recipients',
      { recipients: Array.from({ length: 101 }, (_, index) => `personne${index}@exemple.fr`) },
      'recipients',
    ],
    ['recipients in one text', { recipients: 'quai@exemple.fr' }, 'recipients'],
    ['no name', { name: undefined }, 'name'],
    ['a blank name', { name: '   ' }, 'name'],
    ['a name over 200 characters', { name: 'x'.repeat(201) }, 'name'],
    ['a subject of two lines', { subject: 'Bonjour\r\nBcc: tous@exemple.fr' }, 'subject'],
    ['a subject over 200 characters', { subject: 'x'.repeat(201) }, 'subject'],
    ['a message over 5,000 characters', { message: 'x'.repeat(5_001) }, 'message'],
    ['an unknown field', { recipient: 'quai@exemple.fr' }, 'recipient'],
    ['a null character', { name: 'Tickets\u0000' }, 'name'],
    ['half a character, deep inside', { filters_json: { site: ['\ud83d'] } }, 'filters_json.site.0'],
    ['an enabled that is a text', { enabled: 'yes' }, 'enabled'],
  ]

  it.each(cases)('%s', async (_what, change, path) => {
    await refusedInBothLanguages(async () => await admin.post(base, { ...whole, ...change }), 422, path)
  })

  it('names every wrong field at once', async () => {
    const answer = await admin.post(base, {
      ...whole,
      type: 'cash_session',
      columns: ['nothing'],
      filters_json: { nothing: 1 },
      time_zone: 'Nowhere',
      recipients: ['a@ailleurs.fr'],
    })
    const paths = problemOf(answer).errors?.map((error) => error.path)
    expect(paths).toEqual(['columns.0', 'filters_json.nothing', 'time_zone', 'recipients.0'])
  })

  it('calls a required field missing only when it is absent', async () => {
    const { errors } = problemOf(await admin.post(base, { ...whole, name: 3, format: undefined }))
    expect(errors).toEqual([
      { path: 'name', message: 'Doit être un texte.' },
      { path: 'format', message: 'Est obligatoire.' },
    ])
  })

  it('a replacement follows the same rules, and changes nothing when refused', async () => {
    const created = await admin.post(base, whole)
    const { id } = created.body as { id: string }
    const answer = await admin.put(`${base}/${id}`, { ...whole, name: 'Autre', recipients: ['quai@'] })
    expect(problemOf(answer).errors).toMatchObject([{ path: 'recipients.0' }])
    expect((await admin.get(`${base}/${id}`)).body).toEqual(created.body)
    await admin.delete(`${base}/${id}`)
    api.engine.applied.length = 0
  })
})

describe('an invalid request for a report', () => {
  const cases: [what: string, body: object, path: string][] = [
    ['unknown type', { type: 'nothing', format: 'csv' }, 'type'],
    ['unknown column', { type: 'pupils', format: 'csv', columns: ['nothing'] }, 'columns.0'],
    ['unknown filter', { type: 'pupils', format: 'csv', filters: { nothing: 1 } }, 'filters.nothing'],
    ['unknown format', { type: 'pupils', format: 'pdf' }, 'format'],
    ['no recipient', { type: 'pupils', format: 'csv', recipients: [] }, 'recipients'],
    ['not an address', { type: 'pupils', format: 'csv', recipients: ['x'] }, 'recipients.0'],
    ['an unknown field', { type: 'pupils', format: 'csv', filter: {} }, 'filter'],
    ['unknown time zone', { type: 'pupils', format: 'csv', time_zone: 'Nowhere' }, 'time_zone'],
  ]
  it.each(cases)('%s', async (_what, body, path) => {
    await refusedInBothLanguages(async () => await admin.post('/v1/reports', body), 422, path)
  })
})

describe('a body that cannot be read', () => {
  it.each(['{"name": ', '', 'name=x', '[1,', '\u00ef\u00bb\u00bf'])('%j is no JSON', async (text) => {
    const answer = await admin.post(base, text)
    expect(problemOf(answer)).toMatchObject({ code: 'malformed_json', title: 'JSON illisible' })
    expect(answer.status).toBe(400)
  })

  it.each(['[]', 'null', '3', '"text"'])('%s is JSON, but no object', async (text) => {
    const answer = await admin.post(base, text)
    expect(answer.status).toBe(422)
    expect(problemOf(answer).errors).toEqual([{ path: '', message: 'Doit être un objet JSON.' }])
  })

  it('is missing returns 400, also where an empty object would do', async () => {
    for (const [method, path] of [
      ['POST', base],
      ['PATCH', '/v1/me'],
    ] as const) {
      const answer = await admin.request(method, path, '')
      expect(problemOf(answer)).toMatchObject({ code: 'malformed_json', status: 400 })
    }
    expect((await admin.request('PATCH', '/v1/me')).status).toBe(400)
  })

  it('of more than 1 MB returns 413', async () => {
    const answer = await admin.post(base, { ...whole, message: 'x'.repeat(1_000_000) })
    expect(answer.status).toBe(413)
    expect(problemOf(answer)).toMatchObject({ code: 'body_too_large', title: 'Requête trop grande' })
  })

  it('not declared as JSON returns 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await admin.post(base, JSON.stringify(whole), { 'content-type': type })
      expect(answer.status).toBe(415)
      expect(problemOf(answer).code).toBe('unsupported_media_type')
    }
  })
})

describe('an unknown address', () => {
  const missing = '7d1f4a52-0f0b-4f5e-9f55-0d8f6c2a1b3c'
  it.each([
    ['GET', `${base}/not-a-uuid`],
    ['GET', `${base}/${missing}`],
    ['PUT', `${base}/not-a-uuid`],
    ['PUT', `${base}/${missing}`],
    ['DELETE', `${base}/not-a-uuid`],
    ['DELETE', `${base}/${missing}`],
    ['POST', `${base}/not-a-uuid/run`],
    ['POST', `${base}/${missing}/run`],
    ['POST', `${base}/${missing}/test`],
    ['POST', `${base}/${missing}/pause`],
    ['GET', `${base}/${missing}/logs`],
    ['GET', '/v1/reports/0'],
    ['GET', '/v1/reports/1'],
    ['GET', '/v1/reports/abc'],
    ['GET', '/v1/reports/99999999999999'],
    ['POST', '/v1/reports/1/relaunch'],
    ['POST', '/v1/reports/1/cancel'],
    ['POST', '/v1/reports/1/download-url'],
    ['GET', '/v1/report-types/nothing'],
    ['GET', '/v1/report-types/nothing/rows'],
    ['GET', '/v1/report-types/pupils/filters/nothing/options'],
    ['GET', '/v1/nothing'],
    ['GET', '/nothing'],
  ])('%s %s', async (method, path) => {
    const answer = await admin.request(method, path, method === 'PUT' ? whole : undefined)
    expect(answer.status).toBe(404)
    expect(problemOf(answer).code).toBe('not_found')
  })

  it('returns 405 without a session where none is needed', async () => {
    for (const path of ['/v1/configuration', '/v1/openapi.json']) {
      const answer = await api.anonymous.put(path, {})
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
  })

  it('returns 405 with Allow for another method', async () => {
    const answer = await admin.delete('/v1/reports')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
    expect(problemOf(answer).code).toBe('method_not_allowed')
  })
})

describe('the preview of a timing', () => {
  it.each([
    ['weekdays', { frequency: 'daily', weekdays: [7, 2, 8, 2, 3, 5] }],
    ['weekdays', { frequency: 'monthly', weekdays: [] }],
    ['month_day', { frequency: 'daily', month_day: '' }],
    ['month_day', { frequency: 'weekly', month_day: 32 }],
    ['time', { frequency: 'custom', cron_expression: '0 8 * * *', time: '25:00' }],
  ])('refuses a wrong %s that its frequency does not look at: %j', async (path, body) => {
    await refusedInBothLanguages(async () => await admin.post(`${base}/preview`, body), 422, path)
  })

  it('returns 405 with its own methods alone', async () => {
    for (const method of ['PUT', 'DELETE', 'GET', 'PATCH']) {
      const answer = await admin.request(method, `${base}/preview`, method === 'GET' ? undefined : {})
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST'])
    }
  })
})

it.each([
  ['page=0', 'page'],
  ['page=-1', 'page'],
  ['page=1e3', 'page'],
  ['page=x', 'page'],
  ['page_size=0', 'page_size'],
  ['page_size=201', 'page_size'],
  ['status=nothing', 'status'],
])('a list asked with %s', async (query, path) => {
  await refusedInBothLanguages(async () => await admin.get(`/v1/admin/scheduled-reports?${query}`), 422, path)
})

it('uses the browser’s language without a session', async () => {
  const french = await api.anonymous.get('/v1/me', { 'accept-language': 'de, fr-CH;q=0.8, en;q=0.5' })
  const english = await api.anonymous.get('/v1/me', { 'accept-language': 'en-GB' })
  expect(problemOf(french).title).toBe('Connexion nécessaire')
  expect(problemOf(english).title).toBe('Sign-in needed')
})
