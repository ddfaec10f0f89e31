/** A `/`, `?` or `#` as it is in a password ends the part of an address that names user and host. */

/** What to write, for a message that begins with the variable's name. */
export const howToEncode =
  'has / ? or # as it is in its user or password: percent-encode them there (/ as %2F, ? as %3F, # as %23)'

/** @param marks those that end that part, for a regular expression. */
export function hasUnencodedMark(address: string, marks = '/?#'): boolean {
  const rest = address.slice(address.indexOf('://') + 3)
  const end = rest.search(new RegExp(`[${marks}]`))
  return end !== -1 && !rest.slice(0, end).includes('@') && rest.slice(end).includes('@')
}
