import { readFileSync } from 'node:fs'
import { text as textOf } from 'node:stream/consumers'
import { UsageError } from './command-error.ts'

let isInputRead = false

/**
 * The text of a file that an argument names; `-`: standard input, once.
 * @throws UsageError
 */
export async function readGiven(file: string): Promise<string> {
  if (file === '-') {
    if (isInputRead) throw new UsageError('Standard input (-) can be read once: name a file for the other')
    isInputRead = true
    return await textOf(process.stdin)
  }
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`${file} cannot be read (${why})`)
  }
}
