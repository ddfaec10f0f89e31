/**
 * What is logged may come from anybody: names, paths, errors that quote them. Lines stay short, act on no terminal, and
 * name neither a mailbox nor a token by which a task could be answered.
 */

import { stdSerializers } from 'pino'

const maxCharacters = 2_000
/** A stack of ten lines with their paths, and the causes that pino appends. */
const maxStackCharacters = 8_000
const maxEntries = 100
const maxLevels = 6
/** An address at the cut is masked whole: RFC 5321 lets it have no more. */
const maxAddressCharacters = 320

/** Control characters but line break and tab, marks that turn the direction of text, and Unicode's line separators. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Begins where the mailbox's name does, so that a long text is read once. Also as URLs quote it. */
const mailAddress =
  /(?<![\p{L}\p{N}._%+-])([\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]*(@|%40)((?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+\p{L}[\p{L}\p{N}-]*)/giu
const taskTokenInText = /(task_?token"?\s*[:=(]\s*"?)[\w+/=.-]+/gi
const taskTokenKey = /^task_?token$/i

export function loggableText(text: string, max = maxCharacters): string {
  const cut = masked(text.slice(0, max + maxAddressCharacters))
    .slice(0, max)
    .replace(unprintable, '\ufffd')
  return text.length <= max ? cut : `${cut}… (${text.length} characters)`
}

/** With the code of a failure, under the name that other errors have for theirs: `type` is the error's class. */
function withCode(error: Error & { code?: unknown; type?: unknown }): object {
  const code = error.code ?? (typeof error.type === 'string' ? error.type : undefined)
  return { ...stdSerializers.err(error), ...(code === undefined ? {} : { code }) }
}

function masked(text: string): string {
  return text.replace(mailAddress, '$1***$2$3').replace(taskTokenInText, '$1…')
}

/** A copy with its texts cut; what is nested deeper than six levels is left out. */
export function loggableValue(value: unknown, key = '', level = 0): unknown {
  if (typeof value === 'string')
    return loggableText(value, key === 'stack' ? maxStackCharacters : maxCharacters)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `… (${value.byteLength} bytes)`
  if (level === maxLevels) return '…'
  // What an error says are no properties that could be listed. Its causes are in its message and stack.
  if (value instanceof Error) return loggableValue(withCode(value), key, level)
  if (Array.isArray(value))
    return value.slice(0, maxEntries).map((item) => loggableValue(item, '', level + 1))
  const entries = Object.entries(value)
    .filter(([name]) => !taskTokenKey.test(name))
    .slice(0, maxEntries)
  return Object.fromEntries(
    entries.map(([name, item]) => [loggableText(name, 100), loggableValue(item, name, level + 1)]),
  )
}
