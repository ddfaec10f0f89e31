/**
 * Keeps a spreadsheet from running a text as a formula when it opens a CSV file (CWE-1236).
 *
 * A text that starts with `=`, `+`, `-`, `@`, one of their full-width forms (`＝＋－＠`, which Excel reads as the signs
 * themselves in East Asian settings), a tab, a line feed or a carriage return gets a leading apostrophe. Plain signed
 * numbers and telephone numbers (`-12,5`, `+243 810 000 000`) stay unchanged: a spreadsheet reads them as a number or
 * a text, and people search for them in this form. With other signs in between (`+33-6-12`) a spreadsheet would
 * calculate them, so they are not plain.
 *
 * A text that already has apostrophes before such a character gets one more. So one rule restores the exact value:
 * where `^'+[=+\-@＝＋－＠\t\r\n]` matches, take one apostrophe away.
 */
export function neutraliseFormula(text: string): string {
  return dangerous.test(text) && !plainNumber.test(text) ? `'${text}` : text
}

const dangerous = /^'*[=+\-@＝＋－＠\t\r\n]/
/** Digits in groups, separated by a space, no-break space, narrow no-break space, full stop or comma. */
const plainNumber = /^[+-]\d+(?:[ \u00a0\u202f.,]\d+)*$/

/** First bytes, in COPY's text, of texts to check: those above, the first of the full-width forms, and an escape's. */
export const suspectFirstBytes: Uint8Array = Buffer.from([...Buffer.from(`'=+-@\\`), 0xef])
