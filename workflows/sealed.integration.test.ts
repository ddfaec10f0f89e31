/** With PAYLOAD_KEYS set: what the engine keeps cannot be read, and everything that reads it reads on. */

import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeliveryLog } from '#domain/schemas/report-schema.ts'
import { projectFolder } from '#local/settings.ts'
import { oldKey } from '#test/payload-keys.ts'
import { readableText } from '#test/readable-text.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'

const reportTypes = { REPORTS_DIR: join(projectFolder, 'test/report-types') }
const [anna, bruno] = ['anna@ville.test', 'bruno@ville.test']
const title = 'Écoles du quartier Matonge'
const reply = 'aucune boîte de ce nom'

const isCompleted = (row: { status: string }) => row.status === 'completed'
const isFailed = (row: { status: string }) => row.status === 'failed'

/** One report that is partly delivered, one that nobody gets, one whose query is refused. */
async function runThree(world: ReportWorld) {
  const refusal = { at: 'recipient', does: 'reply', code: 550, text: reply, recipient: anna } as const
  world.mail.inject(refusal)
  const partly = await world.request({ title, recipients: [anna, bruno] })
  const row = await world.rowBecomes(partly.number, isCompleted)
  const unreached = await world.request({ title, recipients: [anna] })
  await world.rowBecomes(unreached.number, isFailed)
  const refused = await world.request({ title, type: 'refused', columns: ['name'], recipients: [anna] })
  await world.rowBecomes(refused.number, isFailed)
  world.mail.release()
  const logs = await Promise.all([partly, unreached, refused].map(({ number }) => world.log(number)))
  return { row, partly, unreached, refused, logs }
}

/** Without what differs from one run to the next. */
function lasting({ phases, recipients, ...log }: DeliveryLog) {
  return {
    status: log.status,
    delivery: log.delivery,
    phases: phases.map(({ phase, status, attempts, error }) => ({ phase, status, attempts, error })),
    recipients: recipients.map(({ message_id: _, sent_at: __, ...recipient }) => recipient),
  }
}

describe('reports whose payloads are sealed', () => {
  let world: ReportWorld
  let plain: ReportWorld
  beforeAll(async () => {
    world = await ReportWorld.create({ ...reportTypes, PAYLOAD_KEYS: oldKey })
    await world.startWorker()
    plain = await ReportWorld.create(reportTypes)
    await plain.startWorker()
  })
  beforeEach(() => {
    world.mail.release()
    world.sourceGate.open()
  })
  afterAll(async () => {
    await world.close()
    await plain.close()
  })

  it('leave no address, title, file name, SQL, reply or sentence in the engine, and the same delivery log', async () => {
    const sealed = await runThree(world)
    const { id } = await world.define({ name: title, recipients: [anna] })
    await world.engine.applySchedule(id)
    const text = await readableText(world.temporal)
    // It did read: ids are there.
    expect(text).toContain(sealed.partly.workflowId)
    const secrets = [
      anna,
      bruno,
      world.owner.email,
      title,
      'staging/',
      'no_such_table',
      reply,
      'Le serveur de messagerie',
    ]
    expect([...secrets, sealed.row.fileName ?? ''].filter((secret) => text.includes(secret))).toEqual([])

    // Without keys each of them is found.
    const open = await runThree(plain)
    const openText = await readableText(plain.temporal)
    expect(secrets.filter((secret) => !openText.includes(secret))).toEqual([])
    expect(sealed.logs.map(lasting)).toEqual(open.logs.map(lasting))
    expect(sealed.logs[1]?.recipients[0]).toMatchObject({ response: `550 ${reply}` })
    expect(sealed.logs[2]?.phases[0]?.error).toContain('La base de données a refusé la requête')
  })
})
