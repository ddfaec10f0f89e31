import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const file = fileURLToPath(new URL('rapporteur.ts', import.meta.url))
const run = (...args: string[]) => execFileSync(process.execPath, [file, ...args], { encoding: 'utf8' })

it.each([
  [['sch'], ['schedules']],
  [
    ['definitions', ''],
    ['export', 'diff', 'apply'],
  ],
  [
    ['people', 'role', 'x', ''],
    ['admin', 'user'],
  ],
  [['reports', 'relaunch', '--resend'], ['--resend-uncertain']],
])('%j is completed by %j', (typed, words) => {
  const offered = run('complete', '--', ...typed)
    .split('\n')
    .map((line) => line.split('\t')[0])
  expect(offered).toEqual(expect.arrayContaining(words))
})

it.each([
  ['bash', /^complete -F __rapporteur_complete rapporteur$/m],
  ['zsh', /^#compdef rapporteur/],
  ['fish', /complete -c rapporteur /],
])('there is a script for %s', (shell, words) => {
  expect(run('complete', shell)).toMatch(words)
})
