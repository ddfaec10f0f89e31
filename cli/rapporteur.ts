#!/usr/bin/env node
/** The command `rapporteur`, as the image has it on its PATH; in a clone local/npx.mjs is before it. */

import { CommanderError } from 'commander'
import type { Answer } from './answer.ts'
import { createProgram } from './program.ts'

/** commander ends with 1 for what it cannot read; help and the version are no errors. */
const usageExitCode = 2

export async function runRapporteur(args: readonly string[]): Promise<void> {
  // Who reads may have had enough: `rapporteur reports list | head`.
  process.stdout.on('error', () => process.exit(0))
  let exitCode = 0
  const program = createProgram(({ json, text, exitCode: code = 0 }: Answer) => {
    process.stdout.write(program.opts()['json'] ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`)
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? 0 : usageExitCode
    else {
      const { endingOf } = await import('./command-error.ts')
      const { message, exitCode: code } = endingOf(error)
      process.stderr.write(`${message}\n`)
      exitCode = code
    }
  }
  // Some clients keep timers of theirs; the streams are flushed first.
  process.stdout.write('', () => process.exit(exitCode))
}

if (import.meta.main) await runRapporteur(process.argv.slice(2))
