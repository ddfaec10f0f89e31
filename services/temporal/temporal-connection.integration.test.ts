import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { NativeConnection } from '@temporalio/worker'
import { onTestFinished, expect, it } from 'vitest'
import { readEnvironment } from '#config/environment.ts'
import { eventually } from '#test/eventually.ts'
import { createAuthority } from '#test/servers/private-postgres.ts'
import { startStrictTemporal } from '#test/servers/strict-temporal.ts'
import { startGateBefore } from '#test/servers/tcp-gate.ts'
import { createTestNamespace } from '#test/servers/temporal-namespace.ts'
import {
  lazyTemporalConnection,
  renewApiKey,
  temporalConnectionOptions,
  workerConnectionOptions,
} from './temporal-connection.ts'

/** Long enough for gRPC's own waits to grow to ten seconds. */
const outageMs = 18_000

it('reconnects within seconds when the engine comes back after a long outage', async () => {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = await createTestNamespace()
  const gate = await startGateBefore(TEMPORAL_ADDRESS)
  onTestFinished(() => gate.close())
  const connection = lazyTemporalConnection({ address: gate.address })
  onTestFinished(() => connection.close())
  const answers = async () => {
    try {
      await connection.withDeadline(Date.now() + 1_000, () =>
        connection.workflowService.describeNamespace({ namespace: TEMPORAL_NAMESPACE }),
      )
      return true
    } catch {
      return false
    }
  }
  expect(await answers()).toBe(true)

  gate.shut()
  for (const back = Date.now() + outageMs; Date.now() < back; await delay(100))
    expect(await answers()).toBe(false)
  gate.open()
  await eventually(answers, (there) => there, { withinMs: 3_000 })
})

it('uses the key that its file holds now, for clients and workers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-strict-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: namespace } = await createTestNamespace()
  const authority = await createAuthority(folder, 'cloud')
  const strict = await startStrictTemporal(TEMPORAL_ADDRESS, authority, { apiKey: 'key-of-october' })
  onTestFinished(() => strict.close())
  const [ca, keyFile] = [join(folder, 'ca.pem'), join(folder, 'api-key')]
  await writeFile(ca, authority.certificate)
  await writeFile(keyFile, 'key-of-october\n')
  const environment = readEnvironment({
    TEMPORAL_ADDRESS: strict.address,
    TEMPORAL_TLS_CA_FILE: ca,
    TEMPORAL_API_KEY_FILE: keyFile,
    S3_BUCKET: 'none',
    SMTP_URL: 'smtp://127.0.0.1',
    DATABASE_URL: 'postgresql://nobody@127.0.0.1/none',
    SOURCE_DATABASE_URL: 'postgresql://nobody@127.0.0.1/none',
  })
  const client = lazyTemporalConnection(temporalConnectionOptions(environment))
  onTestFinished(() => client.close())
  const worker = await NativeConnection.connect(workerConnectionOptions(environment))
  onTestFinished(() => worker.close())
  const answers = (connection: Pick<typeof client, 'workflowService'>) =>
    connection.workflowService.describeNamespace({ namespace }).then(
      () => true,
      () => false,
    )
  expect([await answers(client), await answers(worker)]).toEqual([true, true])

  strict.apiKey = 'key-of-november'
  expect([await answers(client), await answers(worker)]).toEqual([false, false])
  await writeFile(keyFile, 'key-of-november\n')
  await renewApiKey(worker, environment)
  expect(await answers(worker)).toBe(true)
  await eventually(() => answers(client), Boolean, { withinMs: 15_000, everyMs: 500 })
})
