import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const tailBytes = 4096
const tailLines = 15

/** The last lines that were written to a log after position `from`, indented for the console. */
export function tailOf(file: string, from = 0): string {
  const text = readFrom(file, from, tailBytes).trimEnd()
  if (text === '') return '  (empty)'
  return text
    .split('\n')
    .slice(-tailLines)
    .map((line) => `  ${line}`)
    .join('\n')
}

/** What was written to a file after position `from`; only the last `limit` bytes when there is more. */
export function readFrom(file: string, from: number, limit = 1024 * 1024): string {
  if (!existsSync(file)) return ''
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const start = Math.max(from, size - limit)
    const buffer = Buffer.alloc(Math.max(0, size - start))
    const length = readSync(descriptor, buffer, 0, buffer.length, start)
    return buffer.toString('utf8', 0, length)
  } finally {
    closeSync(descriptor)
  }
}
