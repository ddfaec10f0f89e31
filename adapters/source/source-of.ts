/** Which database a type's rows are read from. */

import type { Reads } from '#catalogue/define-report.ts'

/** A type of REPORTS_DIR cannot name the product's own: see `defineReport`. */
export function sourceOf<Of>(
  sources: Readonly<Record<Reads, Of>>,
  { reads = 'source' }: { reads?: Reads },
): Of {
  return sources[reads]
}
