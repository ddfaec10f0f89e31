/** What a command says: to people as text, to programs as JSON. */

export interface Answer {
  /** Printed with `--json`. */
  json: unknown
  /** Printed otherwise. */
  text: string
  /** 0 unless given. */
  exitCode?: number
}
