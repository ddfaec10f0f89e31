/** Checks bodies before any schema does: they are JSON, with text that PostgreSQL can store. */

import { createMiddleware } from 'hono/factory'
import type { Localized } from '#domain/locale.ts'
import type { FieldIssue } from '#domain/problems.ts'
import { ApiProblem, invalid } from './api-problem.ts'
import type { ApiEnv } from './api-env.ts'
import { isStorableText } from '#domain/storable-text.ts'

const unstorable: Localized = {
  fr: 'Contient un caractère nul ou un demi-caractère Unicode, à retirer.',
  en: 'Contains a null character or half a Unicode character; remove it.',
}

/** 415 for a body not declared as JSON, 400 for one that does not parse, 422 for text that PostgreSQL refuses. */
export const readableJson = createMiddleware<ApiEnv>(async ({ req }, next) => {
  const queryIssues = Object.entries(req.query()).flatMap(([name, value]) => unstorableText(value, [name]))
  if (queryIssues.length > 0) throw invalid(queryIssues)

  if (!['GET', 'HEAD'].includes(req.method) && (await req.text()) !== '') {
    const mediaType = req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (mediaType !== 'application/json') throw new ApiProblem('unsupported_media_type')
    const issues = unstorableText(await parsed(req), [])
    if (issues.length > 0) throw invalid(issues)
  }
  await next()
})

async function parsed(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json()
  } catch (cause) {
    throw new ApiProblem('malformed_json', { cause })
  }
}

function unstorableText(value: unknown, path: readonly string[]): FieldIssue[] {
  if (typeof value === 'string')
    return isStorableText(value) ? [] : [{ path: path.join('.'), message: unstorable }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    return isStorableText(key)
      ? unstorableText(item, [...path, key])
      : [{ path: path.join('.'), message: unstorable }]
  })
}
