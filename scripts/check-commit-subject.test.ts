import { expect, it } from 'vitest'
import { checkCommitSubject } from './check-commit-subject.ts'

it.each([
  'Move engine/ to services/ by subject',
  'Wait for storage outages',
  'Say which recipients a relaunch writes to',
  'Fix the sum of a filtered page',
  'Split queries by subject',
  'Build the workflow bundle once',
  'Pass the clock to the sweep',
  'Address review',
  `Test ${'x'.repeat(67)}`,
])('accepts %j', (subject) => {
  expect(checkCommitSubject(subject)).toEqual([])
})

it.each([
  'Tests by keyboard wait until the focus is where the next key goes',
  'Whoever unsubscribed gets no mail',
  'One toolbar for the lists',
  'Between two attempts of a file no rows are shown',
  'Mended the sweep',
  'Adding a check',
  'move the sweep',
  'fix: the sweep',
  'Tests: wait for the focus',
  '',
])('refuses the first word of %j', (subject) => {
  expect(checkCommitSubject(subject)).toEqual([expect.stringContaining('is not among the verbs')])
})

it('counts every fault of a subject', () => {
  expect(checkCommitSubject(`Test ${'x'.repeat(67)}.`)).toEqual([
    '73 characters, 72 at most',
    'ends with a full stop',
  ])
})
