/** Properties of an unknown name are refused: a misspelt `scopeBy` would show every row to everybody. */

import { nearMiss } from '#domain/text/near-miss.ts'

/**
 * @param what `property of a column`, for a message.
 * @param at goes before the name of the property.
 * @returns a fault for each property that is not known, with the one that was probably meant.
 */
export function unknownKeys(object: unknown, known: readonly string[], what: string, at = ''): string[] {
  if (typeof object !== 'object' || object === null) return []
  const faults: string[] = []
  // Those that it inherits, too: whoever wrote them expects them to hold.
  for (const name in object) {
    if (known.includes(name)) continue
    const meant = nearMiss(name, known)
    const hint = meant === undefined ? `, which are ${known.join(', ')}` : `: did you mean ${meant}?`
    faults.push(`${at}${name}: is no ${what}${hint}`)
  }
  return faults
}
