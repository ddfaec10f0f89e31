import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStorage } from '#adapters/storage/storage.ts'
import type { ReportJson } from '#domain/schemas/report-schema.ts'
import type { ScheduledReportJson } from '#domain/schemas/scheduled-report-schema.ts'
import { unsubscribe } from '#services/definitions/unsubscriptions.ts'
import { linkGeneration } from '#services/links/link-generation.ts'
import { createTestApi, type Caller, type TestApi } from '#test/worlds/test-api.ts'
// After the app, whose OpenAPI library must see zod first.
import { deactivatePerson, reactivatePerson } from '#api/people/deactivate-person.ts'

const base = '/v1/admin/scheduled-reports'
const inAWeek = () => new Date(Date.now() + 7 * 24 * 60 * 60 * 1000)

let api: TestApi
let admin: Caller
beforeAll(async () => {
  api = await createTestApi({ variables: { SUPPORT_CONTACT: 'aide@exemple.fr' } })
  admin = await api.signIn('admin')
})
afterAll(async () => await api.close())

let definition: ScheduledReportJson
let number: number
beforeEach(async () => {
  await api.prisma.report.deleteMany()
  await api.prisma.scheduledReport.deleteMany()
  await api.engine.giveBack()
  const created = await admin.post(base, {
    name: 'Tickets <du jour>',
    type: 'reception_ticket',
    frequency: 'daily',
    recipients: ['Quai@exemple.fr', 'bureau@exemple.fr'],
    format: 'csv',
  })
  definition = created.body as ScheduledReportJson
  number = ((await admin.post(`${base}/${definition.id}/run`)).body as ReportJson).number
  api.engine.applied.length = 0
  api.engine.noticesSent.length = 0
})

async function linkFor(
  purpose: 'download' | 'unsubscribe',
  expiresAt: Date | null,
  recipient = 'quai@exemple.fr',
) {
  const token = await api.deps.links.sign({ purpose, number, recipient, expiresAt })
  return `/${purpose === 'download' ? 'l' : 'u'}/${token}`
}

async function withFile(): Promise<void> {
  const objectKey = `reports/2026/11/${number}/tickets.csv`
  const storage = createStorage(api.environment)
  await storage.upload(objectKey, Readable.from([Buffer.from('a;b\r\n')]), { contentType: 'text/csv' })
  storage.close()
  const file = { objectKey, fileName: 'tickets.csv', sizeBytes: 5, fileAvailableAt: new Date() }
  await api.prisma.report.update({ where: { number }, data: file })
}

async function withoutFile(): Promise<void> {
  const storage = createStorage(api.environment)
  await storage.remove([`reports/2026/11/${number}/tickets.csv`])
  storage.close()
}

/** A download link as the mail to this recipient carries it now. */
async function issued(recipient: string): Promise<string> {
  const include = { owner: true } as const
  const row = await api.prisma.report.findUniqueOrThrow({ where: { number }, include })
  const generation = await linkGeneration(api.prisma, row, recipient)
  const link = { purpose: 'download', number, recipient, generation, expiresAt: inAWeek() } as const
  return `/l/${await api.deps.links.sign(link)}`
}

/** The recipient that each notice to the owner names, and those that remain. */
async function unsubscriptions(): Promise<unknown[]> {
  const notices = await api.prisma.notice.findMany({ where: { reportNumber: number } })
  expect(
    notices.filter(
      ({ userId, kind, status }) => userId !== definition.user_id || kind !== told || status !== 'pending',
    ),
  ).toEqual([])
  return notices.map(({ details }) => details)
}
const told = 'recipient_unsubscribed'

async function recipients(): Promise<string[]> {
  const row = await api.prisma.scheduledReport.findUniqueOrThrow({ where: { id: definition.id } })
  return row.recipients
}

describe('a mail’s download link', () => {
  it('redirects to a fresh URL, without a session', async () => {
    await withFile()
    const answer = await api.anonymous.get(await linkFor('download', inAWeek()))
    expect(answer.status).toBe(302)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await (await fetch(answer.headers.get('location') ?? '')).text()).toBe('a;b\r\n')
  })

  it.each([
    ['fr', 'Ce lien a expiré', 'Mes Rapports'],
    ['en', 'This link has expired', 'My reports'],
  ])('once expired says what to do, in %s', async (locale, heading, advice) => {
    await withFile()
    await api.prisma.report.update({ where: { number }, data: { locale } })
    const answer = await api.anonymous.get(await linkFor('download', new Date(Date.now() - 1000)))
    expect(answer.status).toBe(410)
    expect(answer.headers.get('content-type')).toContain('text/html')
    for (const text of [heading, advice, `N° ${number}`, `lang="${locale}"`, 'aide@exemple.fr']) {
      expect(answer.body).toContain(text)
    }
  })

  it('to a file that retention removed returns 410 and says so', async () => {
    await withFile()
    await api.prisma.report.update({ where: { number }, data: { fileRemovedAt: new Date() } })
    const answer = await api.anonymous.get(await linkFor('download', inAWeek()))
    expect(answer.status).toBe(410)
    expect(answer.body).toContain('n’est plus disponible')
  })

  it('asked with HEAD says what the file is, and is no download', async () => {
    await withFile()
    const answer = await api.anonymous.request('HEAD', await linkFor('download', inAWeek()))
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '5',
      'content-disposition': expect.stringContaining('tickets.csv'),
    })
    const downloads = { kind: 'report_downloaded', subjectId: String(number) }
    expect(await api.prisma.auditEvent.count({ where: downloads })).toBe(0)
    const expired = await linkFor('download', new Date(Date.now() - 1000))
    expect(await api.anonymous.request('HEAD', expired)).toMatchObject({ status: 410, body: '' })
    await api.anonymous.get(await linkFor('download', inAWeek()))
    expect(await api.prisma.auditEvent.count({ where: downloads })).toBe(1)
  })

  it.each([
    ['fr', 'introuvable', 'ne répond pas'],
    ['en', 'cannot be found', 'does not answer'],
  ])(
    'to a file that the storage lost, or a storage that is away, is a page in %s',
    async (locale, lost, away) => {
      await withFile()
      await api.prisma.report.update({ where: { number }, data: { locale } })
      const storage = api.deps.storage
      await withoutFile()
      const link = await linkFor('download', inAWeek())
      const gone = await api.anonymous.get(link)
      expect(gone.status).toBe(410)
      expect(gone.body).toContain(lost)
      expect(gone.body).toContain(`lang="${locale}"`)
      const unreachable = createStorage({ ...api.environment, S3_ENDPOINT: 'http://127.0.0.1:1' })
      api.deps.storage = unreachable
      const answer = await api.anonymous.get(link)
      api.deps.storage = storage
      unreachable.close()
      expect(answer.status).toBe(503)
      expect(answer.body).toContain(away)
      expect(answer.headers.get('retry-after')).not.toBeNull()
      expect(
        await api.prisma.auditEvent.count({
          where: { kind: 'report_downloaded', subjectId: String(number) },
        }),
      ).toBe(0)
    },
  )

  it('that was tampered with, or is for another purpose, returns 404', async () => {
    await withFile()
    const link = await linkFor('download', inAWeek())
    const unsubscribe = await linkFor('unsubscribe', null)
    for (const path of [link.slice(0, -2), `${link}x`, '/l/nonsense', unsubscribe.replace('/u/', '/l/')]) {
      const answer = await api.anonymous.get(path, { 'accept-language': 'en' })
      expect(answer.status).toBe(404)
      expect(answer.body).toContain('This link is not valid')
    }
  })
})

describe('a download link that was revoked', () => {
  const leave = async () => {
    const row = await api.prisma.report.findUniqueOrThrow({ where: { number } })
    await unsubscribe(api.prisma, row, 'quai@exemple.fr')
  }
  const addAgain = async () => {
    const data = { recipients: ['quai@exemple.fr', 'bureau@exemple.fr'] }
    await api.prisma.scheduledReport.update({ where: { id: definition.id }, data })
  }
  const remove = async () => {
    expect((await admin.delete(`${base}/${definition.id}`)).status).toBe(204)
  }
  /** Another owner than the administrator whose session the tests use. */
  beforeEach(async () => {
    const chief = { id: 'chef', email: 'chef@rapporteur.test', name: 'Chef', role: 'admin' }
    await api.prisma.user.upsert({ where: { id: 'chef' }, create: chief, update: { banned: false } })
    await api.prisma.report.update({ where: { number }, data: { ownerId: 'chef' } })
    await api.prisma.scheduledReport.update({ where: { id: definition.id }, data: { ownerId: 'chef' } })
  })
  const by = { id: null, name: 'npm run rapporteur', via: 'command' } as const
  const close = async () => void (await deactivatePerson(api.prisma, 'chef', by))
  const open = () => reactivatePerson(api.prisma, 'chef', by)
  const reasons = [
    ['the recipient unsubscribed', leave, addAgain, 'désabonnement', 'unsubscribed'],
    ['the definition was deleted', remove, null, 'a été supprimé', 'was deleted'],
    ['the owner left', close, open, 'n’a plus de compte', 'no longer has'],
  ] as const

  it.each(reasons)('because %s says so and what to do', async (_why, revoke, undo, french, english) => {
    await withFile()
    const links = [await issued('quai@exemple.fr'), await linkFor('download', inAWeek())]
    for (const link of links) expect((await api.anonymous.get(link)).status).toBe(302)
    await revoke()
    for (const locale of ['fr', 'en']) {
      await api.prisma.report.update({ where: { number }, data: { locale } })
      for (const link of links) {
        const answer = await api.anonymous.get(link)
        expect(answer.status).toBe(410)
        for (const text of [locale === 'fr' ? french : english, `N° ${number}`, `lang="${locale}"`]) {
          expect(answer.body).toContain(text)
        }
      }
    }
    if (!undo) return
    // For good: the generation that was raised stays, and a new mail brings a new link.
    await undo()
    expect((await api.anonymous.get(links[0] ?? '')).status).toBe(410)
    expect((await api.anonymous.get(await issued('quai@exemple.fr'))).status).toBe(302)
  })

  it('leaves the links of other recipients', async () => {
    await withFile()
    const link = await issued('bureau@exemple.fr')
    await leave()
    expect((await api.anonymous.get(link)).status).toBe(302)
  })

  it('of a report relaunched after its definition was deleted works until that person is left', async () => {
    await withFile()
    await remove()
    const link = await issued('bureau@exemple.fr')
    expect((await api.anonymous.get(link)).status).toBe(302)
    await unsubscribe(
      api.prisma,
      await api.prisma.report.findUniqueOrThrow({ where: { number } }),
      'Bureau@exemple.fr',
    )
    expect((await api.anonymous.get(link)).body).toContain('désabonnement')
  })
})

describe('unsubscribing', () => {
  it('GET changes nothing: mail scanners follow links', async () => {
    const answer = await api.anonymous.get(await linkFor('unsubscribe', null))
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('Tickets &lt;du jour&gt;')
    expect(answer.body).toContain('<form method="post">')
    expect(await recipients()).toHaveLength(2)
    expect(await unsubscriptions()).toEqual([])
  })

  it('one click, as a mail program posts it, removes the address and notifies the owner once', async () => {
    const link = await linkFor('unsubscribe', null)
    const oneClick = () =>
      api.app.request(link, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://mail.example' },
        body: 'List-Unsubscribe=One-Click',
      })
    for (const response of [await oneClick(), await oneClick()]) {
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('C’est fait')
    }
    expect(await recipients()).toEqual(['bureau@exemple.fr'])
    expect(await unsubscriptions()).toEqual([
      { kind: told, recipient: 'quai@exemple.fr', remaining: ['bureau@exemple.fr'] },
    ])
    expect(api.engine.applied).toEqual([definition.id])
    expect(api.engine.noticesSent).toEqual([number])
    expect((await admin.get(`${base}/${definition.id}`)).headers.get('etag')).toBe('"2"')
    expect((await api.anonymous.get(link)).body).toContain('C’est fait')
  })

  it('three requests at the same moment write one notice', async () => {
    const link = await linkFor('unsubscribe', null)
    await Promise.all([api.anonymous.post(link), api.anonymous.post(link), api.anonymous.post(link)])
    expect(await unsubscriptions()).toHaveLength(1)
  })

  it('two recipients at the same moment are both removed', async () => {
    const links = await Promise.all(
      ['quai@exemple.fr', 'bureau@exemple.fr'].map((one) => linkFor('unsubscribe', null, one)),
    )
    await Promise.all(links.map((link) => api.anonymous.post(link)))
    expect(await recipients()).toEqual([])
    expect(await unsubscriptions()).toHaveLength(2)
  })

  it.each([
    ['fr', 'Mis en pause\u00A0: le dernier destinataire s’est désabonné.'],
    ['en', 'Paused: the last recipient unsubscribed.'],
  ])('the last one gone, it is disabled, and tells its reader why (%s)', async (locale, pauseNote) => {
    await admin.request('PATCH', '/v1/me', { locale })
    const seen = async () => (await admin.get(`${base}/${definition.id}`)).body
    await api.anonymous.post(await linkFor('unsubscribe', null))
    expect(await seen()).toMatchObject({ enabled: true, pause_note: null })
    await api.anonymous.post(await linkFor('unsubscribe', null, 'BUREAU@exemple.fr'))
    expect(await seen()).toMatchObject({ recipients: [], enabled: false, pause_note: pauseNote })
    await admin.request('PATCH', '/v1/me', { locale: 'fr' })
    expect(await unsubscriptions()).toContainEqual({
      kind: told,
      recipient: 'BUREAU@exemple.fr',
      remaining: [],
    })
  })

  it('keeps the note of a definition that was disabled before the last recipient leaves', async () => {
    const pauseNote = 'Vacances'
    const pauseReason = { kind: 'operator', note: pauseNote }
    await api.prisma.scheduledReport.update({
      where: { id: definition.id },
      data: { enabled: false, pauseReason, recipients: ['quai@exemple.fr'], locale: 'en' },
    })
    await api.anonymous.post(await linkFor('unsubscribe', null))
    expect(await recipients()).toEqual([])
    expect((await admin.get(`${base}/${definition.id}`)).body).toMatchObject({ pause_note: pauseNote })
  })

  it('is stored with its notice before the engine is asked for anything', async () => {
    const applySchedule = api.engine.applySchedule.bind(api.engine)
    // As if the service were killed while it waits for a slow engine.
    api.engine.applySchedule = () => Promise.reject(new Error('killed'))
    await api.anonymous.post(await linkFor('unsubscribe', null))
    api.engine.applySchedule = applySchedule
    expect(await recipients()).toEqual(['bureau@exemple.fr'])
    expect(await unsubscriptions()).toHaveLength(1)
  })

  it('is stored while Temporal is away; the notice waits to be sent', async () => {
    api.engine.takeAway()
    expect((await api.anonymous.post(await linkFor('unsubscribe', null))).status).toBe(200)
    expect(await recipients()).toEqual(['bureau@exemple.fr'])
    expect(await unsubscriptions()).toHaveLength(1)
    expect(api.engine.noticesSent).toEqual([])
  })

  it('after the scheduled report was deleted returns 200 and writes no notice', async () => {
    const link = await linkFor('unsubscribe', null)
    await admin.delete(`${base}/${definition.id}`)
    expect((await api.anonymous.post(link)).status).toBe(200)
    expect(await unsubscriptions()).toEqual([])
  })

  it.each([
    ['fr', 'ne recevra plus les rapports que Léo Bernard', 'Les recevoir à nouveau'],
    ['en', 'will no longer receive the reports that Léo Bernard', 'Receive them again'],
  ])(
    'from a requested report ends what that person sends by hand, until undone (%s)',
    async (locale, asks, undo) => {
      const leo = await api.signIn('leo')
      const ask = (recipients: string[]) =>
        leo.post('/v1/reports', { type: 'pupils', format: 'csv', recipients, locale })
      const asked = await ask(['admin@rapporteur.test', 'awa@rapporteur.test'])
      expect(asked.status).toBe(202)
      number = (asked.body as ReportJson).number
      const link = await linkFor('unsubscribe', null, 'Awa@rapporteur.test')
      expect((await api.anonymous.get(link)).body).toContain(asks)
      const oneClick = { 'content-type': 'application/x-www-form-urlencoded' }
      for (let times = 0; times < 2; times++) {
        const answer = await api.anonymous.request('POST', link, 'List-Unsubscribe=One-Click', oneClick)
        expect(answer.status).toBe(200)
        expect(answer.body).toContain(undo)
      }
      const refused = await ask(['admin@rapporteur.test', 'awa@rapporteur.test'])
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'recipients.1' }] } })
      // Another person's reports are not concerned, nor the person's own address.
      const input = { type: 'pupils', format: 'csv', recipients: ['awa@rapporteur.test'] }
      expect((await admin.post('/v1/reports', input)).status).toBe(202)
      await api.anonymous.post(await linkFor('unsubscribe', null, 'leo@rapporteur.test'))
      expect((await ask(['leo@rapporteur.test'])).status).toBe(202)
      await api.anonymous.request('POST', link, 'again=yes', oneClick)
      expect((await ask(['admin@rapporteur.test', 'awa@rapporteur.test'])).status).toBe(202)
    },
  )

  it('with a token for another purpose returns 404', async () => {
    const download = await linkFor('download', inAWeek())
    expect((await api.anonymous.post(download.replace('/l/', '/u/'))).status).toBe(404)
    expect(await recipients()).toHaveLength(2)
  })
})
