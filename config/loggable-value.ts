/** What is logged may come from anybody: names, paths, errors that quote them. Lines stay short, and act on no terminal. */

import { stdSerializers } from 'pino'

const maxCharacters = 2_000
/** A stack of ten lines with their paths, and the causes that pino appends. */
const maxStackCharacters = 8_000
const maxEntries = 100
const maxLevels = 6

/** Control characters but line break and tab, marks that turn the direction of text, and Unicode's line separators. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

export function loggableText(text: string, max = maxCharacters): string {
  const cut = text.slice(0, max).replace(unprintable, '\ufffd')
  return text.length <= max ? cut : `${cut}… (${text.length} characters)`
}

/** A copy with its texts cut; what is nested deeper than six levels is left out. */
export function loggableValue(value: unknown, key = '', level = 0): unknown {
  if (typeof value === 'string')
    return loggableText(value, key === 'stack' ? maxStackCharacters : maxCharacters)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (level === maxLevels) return '…'
  // What an error says are no properties that could be listed. Its causes are in its message and stack.
  if (value instanceof Error) return loggableValue(stdSerializers.err(value), key, level)
  if (Array.isArray(value))
    return value.slice(0, maxEntries).map((item) => loggableValue(item, '', level + 1))
  const entries = Object.entries(value).slice(0, maxEntries)
  return Object.fromEntries(
    entries.map(([name, item]) => [loggableText(name, 100), loggableValue(item, name, level + 1)]),
  )
}
