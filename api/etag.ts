/** Versions of a definition as HTTP names them. */

export function etagOf({ version }: { version: number }): string {
  return `"${version}"`
}

/** Whether an If-Match header allows the change: absent, `*`, or a list that holds the tag. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
