/** One action on several things: said first, done one after the other, and what failed is named. */

import type { Answer } from './answer.ts'
import { CommandError, exitCodes } from './command-error.ts'

interface Bulk<Item, Result> {
  items: readonly Item[]
  /** Named one by one, they need no second word; a filter may find more than was thought of. */
  isNamed: boolean
  /** `--yes`. */
  isConfirmed: boolean
  /** As in `would relaunch`. */
  verb: string
  /** What people know it by. */
  nameOf(item: Item): string
  act(item: Item): Promise<Result>
}

/** Ends with 1 when one of them failed; the others are done all the same. */
export async function inBulk<Item, Result>(bulk: Bulk<Item, Result>): Promise<Answer> {
  const { items, verb, nameOf } = bulk
  if (items.length === 0) return { json: { planned: [], done: [], failed: [] }, text: `Nothing to ${verb}.` }
  if (!bulk.isNamed && !bulk.isConfirmed) {
    const lines = items.map((item) => `  ${nameOf(item)}`)
    return {
      json: { planned: items, done: [], failed: [] },
      text: [`Would ${verb} ${items.length}:`, ...lines, 'Nothing is done yet: add --yes.'].join('\n'),
    }
  }
  const { done, failed } = await attemptEach(
    items.map((item) => ({ name: nameOf(item), work: () => bulk.act(item) })),
  )
  return {
    json: { planned: items, done: done.map(({ result }) => result), failed },
    text: [
      ...done.map(({ name }) => `${verb}: ${name}`),
      ...failed.map(({ name, error }) => `NOT ${verb}: ${name}: ${error}`),
    ].join('\n'),
    exitCode: failed.length === 0 ? exitCodes.ok : exitCodes.wrong,
  }
}

interface Attempted<Result> {
  done: { name: string; result: Result }[]
  failed: { name: string; error: string }[]
}

/** One after the other; what the API refuses is named, and the others are done all the same. */
export async function attemptEach<Result>(
  tasks: readonly { name: string; work: () => Promise<Result> }[],
): Promise<Attempted<Result>> {
  const { done, failed }: Attempted<Result> = { done: [], failed: [] }
  for (const { name, work } of tasks) {
    try {
      done.push({ name, result: await work() })
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      failed.push({ name, error: error.message })
    }
  }
  return { done, failed }
}
