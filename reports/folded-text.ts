/**
 * Text without case and accents, the same in JavaScript and in SQL, so that "ecole" finds « École ».
 *
 * No extension is needed (`unaccent` is often not installed), and no collation: `translate` does in one pass
 * what Western European languages need. The database is assumed to be UTF-8.
 */

import { raw, sql, type SqlFragment } from './sql.ts'

const plain: Readonly<Record<string, string>> = {
  a: 'àáâãäåāăąǎÀÁÂÃÄÅĀĂĄǍ',
  c: 'çćĉčÇĆĈČ',
  d: 'ďđĎĐ',
  e: 'èéêëēĕėęěÈÉÊËĒĔĖĘĚ',
  g: 'ĝğġģĜĞĠĢ',
  h: 'ĥħĤĦ',
  i: 'ìíîïĩīĭįıÌÍÎÏĨĪĬĮİ',
  j: 'ĵĴ',
  k: 'ķĶ',
  l: 'ĺļľłĹĻĽŁ',
  n: 'ñńņňÑŃŅŇ',
  o: 'òóôõöøōŏőÒÓÔÕÖØŌŎŐ',
  r: 'ŕŗřŔŖŘ',
  s: 'śŝşšșŚŜŞŠȘ',
  t: 'ţťŧțŢŤŦȚ',
  u: 'ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ',
  w: 'ŵŴ',
  y: 'ýÿŷÝŸŶ',
  z: 'źżžŹŻŽ',
  // Typographic and typewriter forms are one to a person who searches.
  "'": '’‘ʼ',
  ' ': '\u00a0\u202f',
}

/** Combining marks of decomposed text, which `translate` drops: they have no counterpart. */
const marks = Array.from({ length: 0x70 }, (_, index) => String.fromCharCode(0x300 + index)).join('')

const from = Object.values(plain).join('')
const to = Object.entries(plain)
  .map(([letter, accented]) => letter.repeat(accented.length))
  .join('')

const folds = new Map([...from].map((letter, index) => [letter, to[index] ?? '']))

const ligatures = { œ: 'oe', Œ: 'oe', æ: 'ae', Æ: 'ae', ß: 'ss', ẞ: 'ss' } as const

/** `expression` folded, as SQL. Null stays null. */
export function foldedSql(expression: SqlFragment): SqlFragment {
  const unligatured = Object.entries(ligatures).reduce(
    (inner, [ligature, letters]) => sql`replace(${inner}, ${raw(`'${ligature}', '${letters}'`)})`,
    sql`lower((${expression})::text)`,
  )
  return sql`translate(${unligatured}, ${raw(`'${quoted(from + marks)}', '${quoted(to)}'`)})`
}

/** `text` folded as `foldedSql` does. */
export function folded(text: string): string {
  const unligatured = Object.entries(ligatures).reduce(
    (all, [ligature, letters]) => all.replaceAll(ligature, letters),
    text.toLowerCase(),
  )
  return [...unligatured]
    .map((letter) => (marks.includes(letter) ? '' : (folds.get(letter) ?? letter)))
    .join('')
}

function quoted(text: string): string {
  return text.replaceAll("'", "''")
}
