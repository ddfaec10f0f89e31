/** Everything the worker's sandbox runs. Temporal finds workflows by this module's exports. */

export { report } from './report.ts'
export { notice } from './notice.ts'
export { sweep } from './sweep.ts'
export { reconcile } from './reconcile.ts'
