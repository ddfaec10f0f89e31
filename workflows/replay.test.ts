import { readdirSync, readFileSync } from 'node:fs'
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleWorkflows, sealingBundle } from '#activities/workflow-bundle.ts'
import { payloadKeys } from '#config/payload-keys.ts'
import { dataConverterFor } from '#services/temporal/data-converter.ts'
import { newKey, oldKey } from '#test/test-payload-keys.ts'

const folder = new URL('./histories/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const sealing = {
  dataConverter: dataConverterFor({ PAYLOAD_KEYS: payloadKeys.parse(`${newKey},${oldKey}`) }),
}
const names = readdirSync(folder).filter((name) => name.endsWith('.json'))

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundle
  let tracedBundle: WorkflowBundle

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') })
    workflowBundle = await bundleWorkflows()
    tracedBundle = await bundleWorkflows({ isTraced: true })
  }, 60_000)

  it('cover the behaviours that must replay across releases', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'archived-before-waiting.json',
        'asked-to-come-back.json',
        'cancelled-while-waiting-to-email.json',
        'cancelled-while-waiting-to-generate.json',
        'cancelled.json',
        'completed.json',
        'delivered-in-part.json',
        'exhausted-then-relaunched.json',
        'failed-then-relaunched.json',
        'few-actions.json',
        'few-actions-relaunched.json',
        'few-actions-scheduled.json',
        'handed-over.json',
        'notice-refused.json',
        'notice-sent-late.json',
        'patience-over.json',
        'perhaps-received.json',
        'poison.json',
        'relaunched-by-a-new-run.json',
        'retried-then-completed.json',
        'sealed.json',
        'skipped.json',
        'waited-for-the-database.json',
        'waited-for-the-mail-server.json',
        'waited-for-the-source.json',
        'waited-for-the-standby.json',
        'waited-for-the-storage.json',
        'went-on-in-a-new-run.json',
        'waited-out-the-database.json',
      ]),
    )
  })

  // Most were recorded in the clear: they replay where keys were set later, too.
  it.each(names)('%s replays with the present code and keys', async (name) => {
    await Worker.runReplayHistory(
      { ...sealing, workflowBundle: sealingBundle(workflowBundle.code) },
      read(name),
    )
  })

  // Most were recorded without traces: they replay where those are turned on, too.
  it.each(names)('%s replays with the present code, keys and traces', async (name) => {
    const sinks = { exporter: { export: { fn: () => {} } } }
    await Worker.runReplayHistory(
      { ...sealing, sinks, workflowBundle: sealingBundle(tracedBundle.code) },
      read(name),
    )
  })

  it.each(names.filter((name) => !name.startsWith('sealed')))(
    '%s replays with the present code',
    async (name) => {
      await Worker.runReplayHistory({ workflowBundle }, read(name))
    },
  )
})
