/**
 * SQL built from fragments, every value a bound parameter.
 *
 * `sql\`amount >= ${from}::numeric\`` keeps the text and the value separate; fragments can be nested. Values are text:
 * each use states its type with a cast (`::date`, `::text[]`), because COPY passes parameters as text.
 */

export interface SqlFragment {
  readonly strings: readonly string[]
  readonly values: readonly SqlValue[]
}

/** A parameter. Arrays become PostgreSQL array literals. */
export type SqlValue = string | number | boolean | readonly string[]

/** A flattened fragment: text with `$1 …` and its values, all text. */
export interface SqlQuery {
  readonly text: string
  readonly values: readonly string[]
}

export function sql(
  strings: TemplateStringsArray,
  ...parts: readonly (SqlValue | SqlFragment)[]
): SqlFragment {
  const texts: string[] = [strings[0] ?? '']
  const values: SqlValue[] = []
  parts.forEach((part, index) => {
    const after = strings[index + 1] ?? ''
    if (isFragment(part)) {
      texts[texts.length - 1] += part.strings[0] ?? ''
      texts.push(...part.strings.slice(1))
      values.push(...part.values)
      texts[texts.length - 1] += after
    } else {
      values.push(part)
      texts.push(after)
    }
  })
  return { strings: texts, values }
}

/** SQL text that a developer wrote in a report type; never user input. */
export function raw(text: string): SqlFragment {
  return { strings: [text], values: [] }
}

export function joinSql(fragments: readonly SqlFragment[], separator: string): SqlFragment {
  return fragments.reduce(
    (all, next, index) => (index === 0 ? next : sql`${all}${raw(separator)}${next}`),
    raw(''),
  )
}

/** Flattens a fragment; `placeholder` decides how the n-th parameter (from 1) is written. */
export function toQuery(
  fragment: SqlFragment,
  placeholder: (position: number) => string = (n) => `$${n}`,
): SqlQuery {
  const text = fragment.strings.reduce((all, part, index) => `${all}${placeholder(index)}${part}`)
  return { text, values: fragment.values.map(toText) }
}

function isFragment(part: SqlValue | SqlFragment): part is SqlFragment {
  return typeof part === 'object' && 'strings' in part
}

function toText(value: SqlValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object') {
    return `{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
  }
  return String(value)
}
