/** What a command says: to people as text, to programs as JSON. */

export interface Answer {
  /** Printed with `--json`. */
  json: unknown
  /** Printed otherwise. */
  text: string
  /** 0 unless given. */
  exitCode?: number
}

/** Columns side by side, as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  const line = (row: readonly string[]) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0))
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n')
}

/** As `2026-11-29 08:00Z`. */
export function moment(instant: string | null): string {
  return instant === null ? '–' : `${instant.slice(0, 10)} ${instant.slice(11, 16)}Z`
}
