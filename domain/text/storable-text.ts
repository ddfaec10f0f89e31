/** Text as PostgreSQL takes it: `text` refuses NUL, `jsonb` refuses NUL and half a character (a lone surrogate). */

export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** Replaces what PostgreSQL refuses in text from elsewhere: servers, drivers, the engine's histories. */
export function toStorableText(text: string): string {
  return text.replaceAll('\0', ' ').toWellFormed()
}

/** A copy of JSON whose every text is storable. */
export function toStorableJson<Value extends object>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? toStorableText(part) : part,
  ) as Value
}
