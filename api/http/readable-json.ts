/** Checks bodies before any schema does: they are JSON within limits, with text that PostgreSQL can store. */

import { createMiddleware } from 'hono/factory'
import type { Localized } from '#domain/locale.ts'
import type { FieldIssue } from '#domain/problems.ts'
import { ApiProblem, invalid } from './api-problem.ts'
import type { ApiEnv } from './api-env.ts'
import { parseBoundedJson } from './bounded-json.ts'
import { isStorableText } from '#domain/text/storable-text.ts'

const unstorable: Localized = {
  fr: 'Contient un caractère nul ou un demi-caractère Unicode, à retirer.',
  en: 'Contains a null character or half a Unicode character; remove it.',
}
const compressed: Localized = {
  fr: 'Envoyez le corps sans compression : l’en-tête Content-Encoding n’est pas accepté.',
  en: 'Send the body uncompressed: the header Content-Encoding is not accepted.',
}

/**
 * 415 for a body that is compressed or not declared as JSON, 400 for one that does not parse or is too complex, 422
 * for text that PostgreSQL refuses.
 */
export const readableJson = createMiddleware<ApiEnv>(async ({ req }, next) => {
  const queryIssues = Object.entries(req.query()).flatMap(([name, value]) => unstorableText(value, [name]))
  if (queryIssues.length > 0) throw invalid(queryIssues)

  if (!['GET', 'HEAD'].includes(req.method)) {
    const text = await req.text()
    if (text !== '') {
      const encoding = req.header('content-encoding')?.trim().toLowerCase() ?? 'identity'
      if (encoding !== 'identity') throw new ApiProblem('unsupported_media_type', { detail: compressed })
      const mediaType = req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
      if (mediaType !== 'application/json') throw new ApiProblem('unsupported_media_type')
      const issues = unstorableText(parsed(text), [])
      if (issues.length > 0) throw invalid(issues)
    }
  }
  await next()
})

/** For a route whose body may be an empty object, but not absent. */
export const requireBody = createMiddleware<ApiEnv>(async ({ req }, next) => {
  if ((await req.text()) === '') throw new ApiProblem('malformed_json')
  await next()
})

function parsed(text: string): unknown {
  try {
    return parseBoundedJson(text)
  } catch (cause) {
    throw cause instanceof ApiProblem ? cause : new ApiProblem('malformed_json', { cause })
  }
}

interface Place {
  key: string
  within: Place | undefined
}

/** Where a value holds text that PostgreSQL refuses, as keys or values; in the order of the text. */
export function unstorableText(value: unknown, path: readonly string[]): FieldIssue[] {
  const issues: FieldIssue[] = []
  const refuse = (place: Place | undefined) =>
    issues.push({ path: [...path, ...keysTo(place)].join('.'), message: unstorable })
  const open: { value: unknown; place?: Place }[] = [{ value }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: part, place } = next
    if (place && !isStorableText(place.key)) refuse(place.within)
    else if (typeof part === 'string' && !isStorableText(part)) refuse(place)
    else if (typeof part === 'object' && part !== null) {
      const inner = Object.entries(part).map(([key, item]) => ({
        value: item,
        place: { key, within: place },
      }))
      open.push(...inner.reverse())
    }
  }
  return issues
}

function keysTo(place: Place | undefined): string[] {
  const keys: string[] = []
  for (let at = place; at; at = at.within) keys.unshift(at.key)
  return keys
}
