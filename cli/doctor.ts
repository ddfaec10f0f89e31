/** `rapporteur doctor`: each part of the installation, as this machine's configuration names it. */

import { checkedParts, type CheckedPart, type Finding } from '#services/checks/finding.ts'
import { diagnose } from '#services/checks/diagnose.ts'
import type { Answer } from './answer.ts'
import { exitCodes } from './command-error.ts'
import { version } from './version.ts'

const marks = { ok: 'ok', warning: 'warning', fault: 'FAULT' } as const
const titles: Readonly<Record<CheckedPart, string>> = {
  configuration: 'configuration',
  report_types: 'report types',
  database: 'database',
  clock: 'clock',
  temporal: 'Temporal',
  workers: 'workers',
  storage: 'storage',
  mail: 'mail server',
  source: 'source',
  public_url: 'public address',
  identity_provider: 'identity provider',
}
const width = Math.max(...checkedParts.map((part) => titles[part].length))

export interface DoctorOptions {
  /** Ends with 1 where there are only warnings, too. */
  strict?: boolean
  /** What is not looked at. */
  without?: readonly CheckedPart[]
}

export async function doctor(
  variables: NodeJS.ProcessEnv,
  { strict = false, without = [] }: DoctorOptions = {},
): Promise<Answer> {
  const findings = (await diagnose(variables)).filter(({ part }) => !without.includes(part))
  const faults = findings.filter(({ state }) => state === 'fault')
  const warnings = findings.filter(({ state }) => state === 'warning')
  const isConfiguration = faults.some(({ code }) => code === 'variable_wrong')
  const isWrong = faults.length > 0 || (strict && warnings.length > 0)
  return {
    json: { version, faults: faults.length, warnings: warnings.length, findings },
    text: [`Rapporteur ${version}`, ...findings.map(inLines), '', summary(faults, warnings)].join('\n'),
    exitCode: isConfiguration ? exitCodes.configuration : isWrong ? exitCodes.wrong : exitCodes.ok,
  }
}

function inLines({ part, state, says, remedy }: Finding): string {
  const start = `${marks[state].padEnd(8)} ${titles[part].padEnd(width)}  `
  return remedy === null ? start + says : `${start}${says}\n${' '.repeat(start.length)}→ ${remedy}`
}

function summary(faults: readonly Finding[], warnings: readonly Finding[]): string {
  if (faults.length + warnings.length === 0) return 'Nothing is wrong.'
  const count = (many: readonly Finding[], one: string) =>
    many.length === 0 ? [] : [`${many.length} ${one}${many.length === 1 ? '' : 's'}`]
  return `${[...count(faults, 'fault'), ...count(warnings, 'warning')].join(', ')}.`
}
