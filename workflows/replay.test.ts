import { readdirSync, readFileSync } from 'node:fs'
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleWorkflows } from '#activities/create-workers.ts'

const folder = new URL('./histories/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.json'))

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundle

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') })
    workflowBundle = await bundleWorkflows()
  }, 60_000)

  it('cover the behaviours that must replay across releases', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'asked-to-come-back.json',
        'cancelled.json',
        'completed.json',
        'delivered-in-part.json',
        'exhausted-then-relaunched.json',
        'failed-then-relaunched.json',
        'handed-over.json',
        'notice-refused.json',
        'notice-sent-late.json',
        'poison.json',
        'relaunched-by-a-new-run.json',
        'retried-then-completed.json',
        'skipped.json',
        'waited-for-the-database.json',
      ]),
    )
  })

  it.each(names)('%s replays with the present code', async (name) => {
    const history: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    await Worker.runReplayHistory({ workflowBundle }, history)
  })
})
