/**
 * Text without case and accents, the same in JavaScript and in SQL, so that "ecole" finds « École ».
 *
 * Plain PostgreSQL 13 or later on a UTF-8 database: no extension (`unaccent` is often not installed) and no collation.
 * Accents are removed by decomposing; `translate` alone, with every accented letter in its list, was fifteen times
 * slower, since it searches the list for each letter of each row (31 s against 2 s, a million texts).
 */

import { raw, sql, type SqlFragment } from './sql.ts'

/**
 * Letters that decomposing does not split, capitals too, which lower() does not know in the C locale; and quotes that
 * are equal in a search.
 */
const plain: Readonly<Record<string, string>> = {
  ø: 'o',
  Ø: 'o',
  đ: 'd',
  Đ: 'd',
  ł: 'l',
  Ł: 'l',
  ı: 'i',
  '’': "'",
  '‘': "'",
}

/** The marks that decomposing splits off, of European languages and Vietnamese. */
const marks =
  '\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u031b\u0323\u0326\u0327\u0328'

const ligatures: Readonly<Record<string, string>> = { œ: 'oe', Œ: 'oe', æ: 'ae', Æ: 'ae', ß: 'ss' }

const from = Object.keys(plain).join('')
const to = Object.values(plain).join('')

/** `expression` folded, as SQL. Null stays null. */
export function foldedSql(expression: SqlFragment): SqlFragment {
  // Decomposed first: É becomes E and a mark, and lower() knows E in every locale, also in C.
  const decomposed = sql`lower(normalize((${expression})::text, NFKD))`
  return Object.entries(ligatures).reduce(
    (inner, [ligature, letters]) => sql`replace(${inner}, ${raw(`'${ligature}', '${letters}'`)})`,
    sql`translate(${decomposed}, ${raw(`'${from}${marks}', '${to.replaceAll("'", "''")}'`)})`,
  )
}

/** `text` folded as `foldedSql` does. */
export function folded(text: string): string {
  return [...text.normalize('NFKD').toLowerCase()]
    .map((letter) => (marks.includes(letter) ? '' : (plain[letter] ?? ligatures[letter] ?? letter)))
    .join('')
}
