/** A hundred recipients behind mail servers that bear less than the product could send. */

import { describe, expect, it } from 'vitest'
import { startMailServer, type MailServerOptions } from '#test/servers/mail-server.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const credentials = { user: 'rapporteur', password: 'a-long-password' }
const recipients = Array.from({ length: 100 }, (_, who) => `lecteur-${who}@ville.test`)

describe.concurrent(
  'a hundred recipients',
  () => {
    // How long it takes is measured with nothing beside it: npm run bench -- mail-limits.
    it.each<[string, MailServerOptions]>([
      [
        '432 at AUTH beyond three connections',
        { credentials, limits: { connections: 3, refusedAt: 'login', answerMs: 300 } },
      ],
      [
        '421 at the banner beyond three connections',
        { limits: { connections: 3, refusedAt: 'banner', answerMs: 300 } },
      ],
      ['454 beyond five mails a second', { limits: { perSecond: 5 } }],
    ])('are all reached once, after few refusals, by a server that says %s', async (_says, options) => {
      const server = await startMailServer(options)
      const world = await ReportWorld.create({ SMTP_URL: server.url })
      try {
        await world.startWorker()
        const { number } = await world.request({ recipients })
        const row = await world.rowBecomes(
          number,
          ({ status }) => status !== 'running' && status !== 'queued',
          90_000,
        )
        expect(row).toMatchObject({ status: 'completed', delivery: 'sent' })
        expect(new Set(server.mails.flatMap(({ to }) => to)).size).toBe(100)
        expect(server.mails).toHaveLength(100)
        expect(server.limited()).toBeGreaterThan(0)
        // Without what is learnt each mail would meet the limit, many of them again and again.
        expect(server.limited()).toBeLessThan(60)
      } finally {
        await world.close()
        await server.close()
      }
    })
  },
  150_000,
)
