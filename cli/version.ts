import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Answer } from './answer.ts'

const file = fileURLToPath(new URL('../package.json', import.meta.url))

/** Of this copy of the product. */
export const version: string = (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version

/** `rapporteur version` */
export function tellVersion(): Answer {
  const { node, icu, tz } = process.versions
  const time = tz === undefined ? '' : `, time zones ${tz}`
  return {
    json: { version, node, icu: icu ?? null, time_zone_data: tz ?? null },
    text: `Rapporteur ${version} (Node ${node}${time})`,
  }
}
