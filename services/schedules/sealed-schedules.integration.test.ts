/** What Temporal keeps of Schedules when PAYLOAD_KEYS is set, then when its keys are rotated. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { scheduleIdFor } from '#contract/names.ts'
import type { ScheduledReport } from '#prisma/client/client.ts'
import { newKey, oldKey } from '#test/test-payload-keys.ts'
import { eventually } from '#test/eventually.ts'
import { readableText } from '#test/readable-text.ts'
import { ReportWorld } from '#test/worlds/report-world.ts'
import { reconcileDefinitions } from '../maintenance/reconcile-definitions.ts'

const name = 'Présences de Matonge'
let plain: ReportWorld
let sealed: ReportWorld
beforeAll(async () => {
  plain = await ReportWorld.create()
  sealed = await plain.restarted({ PAYLOAD_KEYS: oldKey })
})
afterAll(async () => {
  await sealed.close()
  await plain.close()
})

const scheduleOf = ({ temporal }: ReportWorld, { id }: ScheduledReport) =>
  temporal.schedule.getHandle(scheduleIdFor(id)).describe()

/** The reconciler reads lists, which follow a moment later. */
function reconciledUntilNoneDiffers(world: ReportWorld): Promise<unknown> {
  return eventually(
    () => reconcileDefinitions(world.context),
    ({ applied, failed }) => applied === 0 && failed === 0,
  )
}

it('a Schedule made before the keys were set loses its names to the reconciler, then keeps its seal', async () => {
  const enabled = await plain.define({ name })
  const ownerless = await plain.define({
    name,
    enabled: false,
    pauseReason: { kind: 'owner_inactive', owner: plain.owner.name },
  })
  const pausedThere = await plain.define({ name })
  for (const { id } of [enabled, ownerless, pausedThere]) {
    expect(await plain.engine.applySchedule(id)).toBe(true)
    await plain.scheduleIsListed(id)
  }
  // Temporal Web keeps the note, which is the name.
  const there = plain.temporal.schedule.getHandle(scheduleIdFor(pausedThere.id))
  await there.update((present) => ({ ...present, state: { ...present.state, paused: true } }))
  await eventually(
    () => there.describe(),
    ({ state }) => state.paused,
  )
  const before = await readableText(plain.temporal)
  expect([name, plain.owner.name].filter((word) => before.includes(word))).toEqual([name, plain.owner.name])

  expect(await reconcileDefinitions(sealed.context)).toMatchObject({ applied: 3, failed: 0 })
  await reconciledUntilNoneDiffers(sealed)
  const text = await eventually(
    () => readableText(sealed.temporal),
    (seen) => !seen.includes(name),
  )
  expect([name, sealed.owner.name].filter((word) => text.includes(word))).toEqual([])
  expect(await scheduleOf(sealed, enabled)).toMatchObject({
    state: { paused: false },
    action: { args: [{ scheduledReportId: enabled.id }], staticSummary: name },
  })
  expect((await scheduleOf(sealed, ownerless)).state).toMatchObject({
    paused: true,
    note: 'Mis en pause\u00A0: le compte du propriétaire est désactivé.',
  })
  const definition = await sealed.prisma.scheduledReport.findUniqueOrThrow({ where: { id: pausedThere.id } })
  expect(definition).toMatchObject({ enabled: false, pauseReason: null })
})

it('a Schedule sealed with an earlier key is sealed with the present one, so that the earlier one can go', async () => {
  const definition = await sealed.define({ name })
  expect(await sealed.engine.applySchedule(definition.id)).toBe(true)
  await sealed.scheduleIsListed(definition.id)
  await expect(scheduleOf(plain, definition)).rejects.toThrow('sealed with the key "test-old"')

  const rotated = await sealed.restarted({ PAYLOAD_KEYS: `${newKey},${oldKey}` })
  const withoutOld = await sealed.restarted({ PAYLOAD_KEYS: newKey })
  try {
    await expect(scheduleOf(withoutOld, definition)).rejects.toThrow('sealed with the key "test-old"')
    await reconciledUntilNoneDiffers(rotated)
    expect((await scheduleOf(withoutOld, definition)).action).toMatchObject({ staticSummary: name })
  } finally {
    await rotated.close()
    await withoutOld.close()
  }
})

it('a Schedule whose key is lost is left alone, and made anew once an operator has deleted it', async () => {
  const definition = await sealed.define({ name })
  expect(await sealed.engine.applySchedule(definition.id)).toBe(true)
  await sealed.scheduleIsListed(definition.id)
  const lacking = await sealed.restarted({ PAYLOAD_KEYS: newKey })
  try {
    const failures = new Map<string, unknown>()
    await reconcileDefinitions(lacking.context, { onFailed: (id, error) => failures.set(id, error) })
    expect(String(failures.get(definition.id))).toContain('sealed with the key "test-old"')
    await lacking.temporal.schedule.getHandle(scheduleIdFor(definition.id)).delete()
    await eventually(
      async () => {
        await reconcileDefinitions(lacking.context)
        return scheduleOf(lacking, definition).catch(() => null)
      },
      (seen) => seen?.action.type === 'startWorkflow' && seen.action.staticSummary === name,
    )
  } finally {
    await lacking.close()
  }
})
