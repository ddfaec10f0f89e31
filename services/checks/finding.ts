/** What the checks of an installation's parts say. They change nothing, and have no other callers to wait for. */

export const checkedParts = [
  'configuration',
  'report_types',
  'database',
  'clock',
  'temporal',
  'workers',
  'storage',
  'mail',
  'source',
  'public_url',
  'identity_provider',
] as const
export type CheckedPart = (typeof checkedParts)[number]

export interface Finding {
  part: CheckedPart
  /** `warning`: it works, and not as it should; `fault`: something does not work until somebody mends it. */
  state: 'ok' | 'warning' | 'fault'
  /** Stable name of what is wrong; null where nothing is. */
  code: string | null
  /** What was found, for operators, in English as logs are. Holds no secret. */
  says: string
  /** What to do; null where nothing is wrong. */
  remedy: string | null
}

/** Makes the findings of one part. */
export function findingsOf(part: CheckedPart) {
  const wrong = (state: 'warning' | 'fault') => (code: string, says: string, remedy: string) => ({
    part,
    state,
    code,
    says,
    remedy,
  })
  return {
    ok: (says: string): Finding => ({ part, state: 'ok', code: null, says, remedy: null }),
    warning: wrong('warning') satisfies (...words: [string, string, string]) => Finding,
    fault: wrong('fault') satisfies (...words: [string, string, string]) => Finding,
  }
}

/** What `fetch` hides behind "fetch failed". */
export function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}

/** An error's own words in one line. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message || error.name : String(error)
  return words.replace(/\s+/g, ' ').trim()
}
