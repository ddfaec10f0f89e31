/**
 * A draft that was not saved when the page went away (a session that ended, a reload), kept in this tab until it is
 * taken up again or forgotten.
 */

import type { Draft } from './definition-draft.ts'

export interface KeptDraft {
  draft: Draft
  /** The version it was made from; null for a new one. */
  etag: string | null
}

const prefix = 'rapporteur.draft.'
/** A number or a word, a number or nothing: a model of another kind says nothing about them. */
const ofSeveralKinds = new Set<string>([
  'month_day',
  'spread_minutes',
  'pause_after_failures',
] satisfies (keyof Draft)[])

/** @param what the definition's id, or `new`. */
export function keepDraft(what: string, kept: KeptDraft): void {
  try {
    sessionStorage.setItem(prefix + what, JSON.stringify(kept))
  } catch {
    // Storage is refused or full: the draft is not kept.
  }
}

/** @param like fills what an older build did not keep, or kept in another form. */
export function keptDraft(what: string, like: Draft): KeptDraft | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(prefix + what) ?? 'null') as Partial<KeptDraft> | null
    if (!kept?.draft) return null
    const usable = Object.entries(kept.draft).filter(([name, value]) => {
      const model: unknown = Reflect.get(like, name)
      return (
        ofSeveralKinds.has(name) ||
        (typeof model === typeof value && Array.isArray(model) === Array.isArray(value))
      )
    })
    return { draft: { ...like, ...Object.fromEntries(usable) }, etag: kept.etag ?? null }
  } catch {
    return null
  }
}

export function forgetDraft(what: string): void {
  try {
    sessionStorage.removeItem(prefix + what)
  } catch {
    // See above.
  }
}
