/**
 * The rules of time zones that this process has: part of Node's ICU, so that an old Node knows old rules. Governments
 * change theirs a few times a year, some weeks ahead.
 */

/** Such as `2026e`: the year and the letter of the tz database's release. */
export function timeZoneDataVersion(): string {
  return process.versions.tz ?? 'unknown'
}

/**
 * Whether the rules are certainly older than a year. A version says the year of its release only, so that of last year
 * counts as new: nothing newer may have been released.
 */
export function isTimeZoneDataOutdated(version: string, now: Date): boolean {
  const year = Number(/^\d{4}/.exec(version)?.[0])
  return !(year >= now.getUTCFullYear() - 1)
}
