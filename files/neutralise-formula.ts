/**
 * Keeps a spreadsheet from running a text as a formula when it opens a CSV file (CWE-1236).
 *
 * A text that starts with `=`, `+`, `-`, `@`, a tab or a carriage return gets a leading apostrophe. Plain signed
 * numbers and telephone numbers (`-12,5`, `+243 810 000 000`) stay as they are: a spreadsheet reads them as a
 * number or a text, and people look for them as they know them. With other signs in between (`+33-6-12`) they
 * would be calculated, so they are not plain.
 *
 * A text that already has apostrophes before such a character gets one more. So the exact value comes back by
 * one rule: where `^'+[=+\-@\t\r]` matches, take one apostrophe away.
 */
export function neutraliseFormula(text: string): string {
  return dangerous.test(text) && !plainNumber.test(text) ? `'${text}` : text
}

const dangerous = /^'*[=+\-@\t\r]/
/** Digits in groups, parted by a space, no-break space, narrow no-break space, full stop or comma. */
const plainNumber = /^[+-]\d+(?:[ \u00a0\u202f.,]\d+)*$/

/** First bytes, in COPY's text, of texts that have to be looked at: the ones above and escapes. */
export const suspectFirstBytes: Uint8Array = Buffer.from(`'=+-@\\`)
