/** Converts a value of the source from the database's text to JSON. */

import { Temporal } from 'temporal-polyfill'
import type { ColumnType } from '#domain/report-type.ts'

/** @param text as `Source.rows` gives it, in any time zone: ISO dates, `t`/`f`, numbers as digits. */
export function cellJson(text: string | null, type: ColumnType): string | number | boolean | null {
  if (text === null) return null
  switch (type) {
    case 'boolean':
      return text === 't'
    case 'integer': {
      const value = Number(text)
      return Number.isSafeInteger(value) ? value : text
    }
    case 'timestamp':
      return instantText(text)
    default:
      return text
  }
}

/**
 * `2026-10-01 10:00:00.123456+02` → `2026-10-01T08:00:00.123456Z`. `infinity`, years BC, and those after 9999, which few
 * programs read, stay as they are.
 */
function instantText(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d(?::\d\d){0,2})$/.exec(text)
  return match ? Temporal.Instant.from(`${match[1]}T${match[2]}${match[3]}`).toString() : text
}
