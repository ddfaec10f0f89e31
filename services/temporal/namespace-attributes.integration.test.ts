import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { expect, it, onTestFinished } from 'vitest'
import { scheduleIdFor } from '#contract/names.ts'
import { scheduledReportIdKey } from '#contract/search-attributes.ts'
import { eventually } from '#test/eventually.ts'
import { startWorkerProcess } from '#test/processes/worker-process.ts'
import { createAuthority } from '#test/servers/private-postgres.ts'
import { startStrictTemporal } from '#test/servers/strict-temporal.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { readFaults } from '../maintenance/installation-faults.ts'
import { reconcileDefinitions } from '../maintenance/reconcile-definitions.ts'
import { registerSearchAttributes } from './namespace-attributes.ts'

it('a namespace whose attributes no client may register is worked with, and gets them once they are there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-strict-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const namespace = await createTestNamespace({ hasAttributes: false })
  const authority = await createAuthority(folder, 'cloud')
  const strict = await startStrictTemporal(namespace.TEMPORAL_ADDRESS, authority, {
    apiKey: 'a-key',
    refuses: /AddSearchAttributes$/,
  })
  onTestFinished(() => strict.close())
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, authority.certificate)
  const world = await ReportWorld.create({ ...namespace })
  onTestFinished(() => world.close())

  const worker = await startWorkerProcess({
    ...world.variables,
    TEMPORAL_ADDRESS: strict.address,
    TEMPORAL_TLS_CA_FILE: ca,
    TEMPORAL_API_KEY: 'a-key',
  })
  onTestFinished(async () => void (await worker.end('SIGKILL')))
  const command = `temporal operator search-attribute create --namespace ${namespace.TEMPORAL_NAMESPACE} --name ScheduledReportId --type Keyword`
  expect(worker.output()).toContain(command)
  expect(await readFaults(world.prisma)).toMatchObject([
    { part: 'search_attributes', detail: expect.stringContaining(command) as string },
  ])

  const isCompleted = (row: { status: string }) => row.status === 'completed'
  const { number } = await world.request({ recipients: ['clic@ville.test'] })
  await world.rowBecomes(number, isCompleted)
  const definition = await world.define({ recipients: ['planifie@ville.test'] })
  await world.engine.applySchedule(definition.id)
  const handle = world.temporal.schedule.getHandle(scheduleIdFor(definition.id))
  await handle.trigger()
  const occurrence = await eventually(
    () => world.prisma.report.findFirst({ where: { scheduledReportId: definition.id } }),
    (row) => row !== null && isCompleted(row),
  )
  expect(occurrence).toMatchObject({ delivery: 'sent' })
  for (const name of ['clic', 'planifie']) expect(world.mail.mailsFor(`${name}@ville.test`)).toHaveLength(1)

  // An operator does as told.
  const connection = await Connection.connect({ address: namespace.TEMPORAL_ADDRESS })
  onTestFinished(() => connection.close())
  await eventually(
    () => registerSearchAttributes(world.temporal, connection),
    (remedy) => remedy === null,
  )
  await reconcileDefinitions(world.context)
  await eventually(
    async () => (await handle.describe()).typedSearchAttributes.get(scheduledReportIdKey),
    (id) => id === definition.id,
  )
}, 240_000)
