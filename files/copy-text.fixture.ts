/** For tests: writes values as rows of PostgreSQL's COPY text, as its documentation describes. */

export type CopyRow = readonly (string | null)[]

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

export function toCopyText(rows: readonly CopyRow[]): Buffer {
  const lines = rows.map((row) => `${row.map(toField).join('\t')}\n`)
  return Buffer.from(lines.join(''))
}

function toField(value: string | null): string {
  return value === null
    ? '\\N'
    : value.replace(/[\\\b\f\n\r\t\v]/g, (character) => escapes[character] ?? character)
}
