/** The context of a request in the API's handlers. */

import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { KeyScope } from '#domain/schemas/api-key-schema.ts'
import type { Locale } from '#domain/locale.ts'
import type { Viewer } from '#domain/report-type.ts'

/** The signed-in person. */
export interface Person extends Viewer {
  email: string
  name: string
  locale: Locale
  timeZone: string
  /** Those of the API key that acts for the person; undefined for a session. */
  keyScopes?: readonly KeyScope[]
}

/** What let the person in: the row of `session` or `apikey`. */
export type Access =
  { by: 'session'; id: string } | { by: 'key'; id: string; keyName: string; scopes: readonly KeyScope[] }

export interface ApiEnv {
  Variables: {
    requestId: string
    /** The signed-in person's language, else the best of Accept-Language. */
    locale: Locale
    /** Replaces the strict policy of all answers, for a page that needs more. */
    contentSecurityPolicy?: string
    /** Set by `requirePerson`. */
    person: Person
    /** Set by `requirePerson`. */
    access: Access
  }
}

export type Api = OpenAPIHono<ApiEnv>
export type ApiContext = Context<ApiEnv>

export function viewerOf({ id, role, attributes }: Person): Viewer {
  return { id, role, attributes }
}
