/**
 * `npm run record-histories`: runs the workflow tests and keeps each behaviour's history for the replay tests. Only
 * before a release: afterwards a mismatch is mended with `patched()`, never by recording again.
 */

process.env.RECORD_HISTORIES = '1'
const paths = ['workflows/', 'activities/generate-report', 'activities/worker', 'activities/file-failures']
process.argv = [...process.argv.slice(0, 2), '--project', 'integration', ...paths]
await import('./run-tests.ts')
