/**
 * A worker is killed at each named line of `email-report.ts`. Mails are counted at the mail server. To keep the worker
 * at a line, the test holds the mail server's answer, the engine or the database.
 */

import { describe, expect, it } from 'vitest'
import { readPayloads } from '#services/temporal/read-payloads.ts'
import { eventually } from '#test/eventually.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { startGateBefore, type TcpGate } from '#test/servers/tcp-gate.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'

const anna = 'anna@ville.test'

interface Scene {
  world: ReportWorld
  number: number
  /** Gates between the worker and its engine and database. */
  engine: TcpGate
  database: TcpGate
}

interface Point {
  /** The stage at which the mail server holds the worker. */
  held: 'recipient' | 'answer'
  /** Continues from there to the line at which the worker is killed. */
  goOn?: (scene: Scene) => Promise<void>
  /** Earlier attempts that the mail server drops, so that the killed one is the last of three. */
  droppedBefore?: number
  /** What the recipient comes to. */
  ends?: 'sent' | 'uncertain'
}

describe.concurrent(
  'a worker killed while it sends a mail, and another one that continues',
  () => {
    it('before DATA: one mail', async () => {
      expect(await mailsWhenKilled({ held: 'recipient' })).toHaveLength(1)
    })

    it('after DATA, before the answer: one mail, perhaps received', async () => {
      // The server kept the mail, like one whose answer is lost with the connection.
      expect(await mailsWhenKilled({ held: 'answer', ends: 'uncertain' })).toHaveLength(1)
    })

    it('after DATA, before the answer of the last attempt: one mail, perhaps received', async () => {
      expect(await mailsWhenKilled({ held: 'answer', ends: 'uncertain', droppedBefore: 2 })).toHaveLength(1)
    })

    it('after an acceptance that it could not record: one mail, perhaps received', async () => {
      const mails = await mailsWhenKilled({
        held: 'answer',
        ends: 'uncertain',
        goOn: async ({ world, engine, database }) => {
          engine.hold()
          database.hold()
          world.mail.release()
          await hasHeardAcceptance(world)
          // The worker has sent both records, and neither has arrived.
          await eventually(
            async () => [engine.waiting(), database.waiting()],
            (waiting) => Math.min(...waiting) > 0,
            { withinMs: 4_000 },
          )
        },
      })
      expect(mails).toHaveLength(1)
    })

    it('after the awaited heartbeat, before the checkpoint: one mail', async () => {
      const mails = await mailsWhenKilled({ held: 'answer', goOn: beatButNoCheckpoint })
      expect(mails).toHaveLength(1)
    })

    it('after the checkpoint, with a heartbeat that never arrived: one mail', async () => {
      const mails = await mailsWhenKilled({
        held: 'answer',
        goOn: async (scene) => {
          scene.engine.hold()
          scene.world.mail.release()
          await isCheckedOff(scene)
          expect(await acceptedBeats(scene)).toEqual([])
        },
      })
      expect(mails).toHaveLength(1)
    })

    it('after heartbeat and checkpoint, before the activity could complete: one mail', async () => {
      const mails = await mailsWhenKilled({
        held: 'answer',
        goOn: async (scene) => {
          scene.database.hold()
          scene.world.mail.release()
          await hasBeaten(scene)
          scene.engine.hold()
          scene.database.open()
          await isCheckedOff(scene)
        },
      })
      expect(mails).toHaveLength(1)
    })

    it('after the awaited heartbeat of the last attempt: one mail, and it counts as sent', async () => {
      const mails = await mailsWhenKilled({ held: 'answer', goOn: beatButNoCheckpoint, droppedBefore: 2 })
      expect(mails).toHaveLength(1)
    })
  },
  200_000,
)

/** @returns the Message-ID of each mail that reached the mail server, once the report has ended well. */
async function mailsWhenKilled({
  held,
  goOn,
  droppedBefore = 0,
  ends = 'sent',
}: Point): Promise<(string | undefined)[]> {
  const world = await ReportWorld.create()
  const engine = await startGateBefore(world.environment.TEMPORAL_ADDRESS)
  const database = await startGateBefore(world.environment.DATABASE_URL)
  const worker = await startWorkerProcess({
    ...world.variables,
    TEMPORAL_ADDRESS: engine.address,
    DATABASE_URL: database.address,
  })
  try {
    if (droppedBefore > 0) world.mail.inject({ at: 'connect', does: 'drop', times: droppedBefore })
    world.mail.inject({ at: held, does: 'hold', times: 1 })
    const { number } = await world.request({ recipients: [anna] })
    await world.mail.struck(droppedBefore + 1, 120_000)
    await goOn?.({ world, number, engine, database })

    await worker.end('SIGKILL')
    // Drops what the worker sent and the gates held back.
    for (const gate of [engine, database]) {
      gate.shut()
      gate.open()
    }
    world.mail.release()
    await world.startWorker()
    const row = await world.rowBecomes(
      number,
      ({ status }) => status !== 'queued' && status !== 'running',
      90_000,
    )
    expect(row).toMatchObject({
      status: 'completed',
      delivery: ends,
      failure: null,
      uncertainRecipients: ends === 'uncertain' ? 1 : 0,
    })
    await world.workflowEnded(number)
    expect((await world.log(number)).recipients).toMatchObject([{ email: anna, status: ends }])
    // Beside it the owner is told that it was perhaps received, sooner or later than this.
    return world.mail.mailsFor(anna).map(({ parsed }) => parsed.messageId)
  } finally {
    await worker.end('SIGKILL')
    await world.close()
    await Promise.all([engine.close(), database.close()])
  }
}

async function beatButNoCheckpoint(scene: Scene): Promise<void> {
  scene.database.hold()
  scene.world.mail.release()
  await hasBeaten(scene)
  expect(await delivery(scene)).toMatchObject({ status: 'uncertain' })
}

/** The worker closes its SMTP connection when it has received the server's "accepted", and not before. */
async function hasHeardAcceptance(world: ReportWorld): Promise<void> {
  await world.mail.received(1)
  await eventually(
    async () => world.mail.openConnections(),
    (open) => open === 0,
    { withinMs: 4_000 },
  )
}

async function hasBeaten(scene: Scene): Promise<void> {
  await eventually(
    () => acceptedBeats(scene),
    (beats) => beats.length === 1,
    { withinMs: 4_000 },
  )
}

async function isCheckedOff(scene: Scene): Promise<void> {
  await eventually(
    () => delivery(scene),
    (row) => row?.status === 'sent',
    { withinMs: 4_000 },
  )
}

function delivery({ world, number }: Scene) {
  return world.prisma.delivery.findFirst({ where: { reportNumber: number, email: anna } })
}

/** Acceptances that the engine holds for mails in progress. */
async function acceptedBeats({ world, number }: Scene): Promise<unknown[]> {
  const { workflowId } = await world.row(number)
  const { raw } = await world.temporal.workflow.getHandle(workflowId).describe()
  const beats = (raw.pendingActivities ?? []).flatMap(
    ({ heartbeatDetails }) => heartbeatDetails?.payloads ?? [],
  )
  return (await readPayloads(world.temporal, beats)).filter(
    (beat) => typeof beat === 'object' && beat !== null && 'accepted' in beat,
  )
}
