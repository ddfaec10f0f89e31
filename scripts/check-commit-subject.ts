/**
 * `npm run check`: commit subjects since the rule was made are in the imperative, at most 72 characters, without a
 * full stop. Run by itself it looks at the commits of this branch and prints those to reword.
 */

import { execFileSync } from 'node:child_process'

/** The last commit from before the rule; what is older stays as it is. */
const lastBefore = '84b003c50ee35a088b082b4510b9e78b90deaccf'
const maxLength = 72

/** Whether a word is an imperative cannot be told from its spelling ("Test", "Tests"), so they are listed; add to it. */
const verbs = new Set(
  `Accept Account Act Add Address Admit Adopt Allow Announce Answer Apply Archive Ask Assert Avoid Backfill Begin Bound Bring
  Build Bundle Cache Call Cancel Catch Change Check Choose Clean Click Close Collect Compare Compile Complete Compress Compute
  Copy Correct Count Cover Create Cut Deactivate Decide Declare Delete Derive Describe Disable Document Draw Drop Enable End
  Enforce Escape Exclude Explain Export Extract Fail Fetch Find Finish Fit Fix Fold Follow Forbid Format Free Fuzz Generate
  Give Go Group Guard Handle Hide Hold Import Improve Include Index Inline Join Keep Kill Lay Leave Let Limit Link List Load
  Lock Log Lower Make Manage Mark Match Measure Mend Merge Migrate Move Name Narrow Note Offer Open Order Package Parse Pass
  Pause Pin Point Poll Prefer Prevent Print Prove Put Raise Read Rebuild Record Reduce Refuse Reject Relaunch Release
  Remove Rename Render Repeat Replace Replay Report Require Reset Resolve Restore Resume Retry Return Reuse Revert Rewrite
  Run Save Say Seal Search Seed See Send Separate Serve Set Settle Share Shorten Show Sign Simplify Skip Sort Speed Split Spread
  Start State Stop Store Stream Strip Support Survive Swap Sweep Switch Take Tell Test Throw Tidy Title Track Translate
  Treat Trim Try Turn Type Unify Update Use Validate Verify Wait Warn Widen Wrap Write`.split(/\s+/),
)

/** What is wrong with a subject; empty when nothing is. */
export function checkCommitSubject(subject: string): string[] {
  const faults: string[] = []
  const [first = ''] = subject.split(' ')
  if (!verbs.has(first)) {
    faults.push(`"${first}" is not among the verbs that begin a subject (scripts/check-commit-subject.ts)`)
  }
  if (subject.length > maxLength) faults.push(`${subject.length} characters, ${maxLength} at most`)
  if (subject.endsWith('.')) faults.push('ends with a full stop')
  return faults
}

if (import.meta.main) {
  let lines: string[]
  try {
    // A shallow clone does not have the commit that the range begins at; a source archive has no commits at all.
    const log = ['log', '--no-merges', '--format=%h %s', `${lastBefore}..HEAD`]
    const output = execFileSync('git', log, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    lines = output.split('\n').filter(Boolean)
  } catch {
    console.log('not looked at, the history is not here')
    process.exit(0)
  }
  for (const line of lines) {
    const faults = checkCommitSubject(line.slice(line.indexOf(' ') + 1))
    if (faults.length === 0) continue
    console.log(`${line}\n    ${faults.join('; ')}`)
    process.exitCode = 1
  }
}
