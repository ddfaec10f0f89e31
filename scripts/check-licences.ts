/**
 * `npm run check`: every package that the product runs with comes under a licence we may pass on, as npm's own bill of
 * materials says. `npm sbom --omit=dev --sbom-format=cyclonedx` prints the whole list.
 */

import { execFileSync } from 'node:child_process'
import { z } from 'zod'

/** SPDX ids, and expressions word for word, where one of the choices is allowed. */
const allowed: ReadonlySet<string> = new Set([
  '(MIT AND Zlib)',
  '(MIT OR CC0-1.0)',
  '(MIT OR GPL-3.0-or-later)',
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
])

/** Packages whose description names no licence npm understands, each looked up by hand. */
const lookedUp: ReadonlyMap<string, string> = new Map([
  [
    'buffers@0.1.1',
    'none is given; reached through exceljs’s reader of archives, which the product does not load',
  ],
  ['chainsaw@0.1.0', 'MIT/X11; as the one above'],
  ['unionfs@4.6.0', 'Unlicense, says its LICENSE file'],
])

const licenceSchema = z.union([
  z.object({ license: z.object({ id: z.string().optional(), name: z.string().optional() }) }),
  z.object({ expression: z.string() }),
])
const billSchema = z.object({
  components: z.array(
    z.object({ name: z.string(), version: z.string(), licenses: z.array(licenceSchema).default([]) }),
  ),
})

/** Packages of a CycloneDX bill of materials without an allowed licence, and those looked up that are gone from it. */
export function licenceFaults(bill: unknown): string[] {
  const { components } = billSchema.parse(bill)
  const faults: string[] = []
  const names = new Set<string>()
  for (const { name, version, licenses } of components) {
    const id = `${name}@${version}`
    names.add(id)
    if (lookedUp.has(id)) continue
    const given = licenses.map((licence) =>
      'expression' in licence ? licence.expression : (licence.license.id ?? licence.license.name ?? ''),
    )
    if (given.length > 0 && given.every((licence) => allowed.has(licence))) continue
    faults.push(`${id}: ${given.join(', ') || 'no licence'} is not among those allowed`)
  }
  for (const id of lookedUp.keys()) {
    if (!names.has(id)) faults.push(`${id}: looked up by hand, and no longer used`)
  }
  return faults
}

if (import.meta.main) {
  const bill = execFileSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const faults = licenceFaults(JSON.parse(bill))
  if (faults.length > 0) console.log(faults.join('\n'))
  process.exit(faults.length > 0 ? 1 : 0)
}
