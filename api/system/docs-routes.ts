/** The API's description, and its reference page, which needs nothing from the internet. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Scalar } from '@scalar/hono-api-reference'
import type { Api } from '../http/api-env.ts'
import { basePathOf, sessionCookieOf } from '../http/path-below.ts'
import type { ApiDeps } from '../deps.ts'

const description = `JSON in snake_case; times are ISO 8601 in UTC. Errors are \`application/problem+json\` (RFC 9457) with a
stable \`code\` and, for fields, \`errors: [{path, message}]\` in the caller's language.

Sign in with \`POST /api/auth/sign-in/email\` \`{"email", "password"}\` (a session cookie), or send an API key in the
header \`x-api-key\`; make one with \`POST /v1/me/api-keys\` \`{"name", "scopes"}\` while signed in.`

/** The page's script adds styles and evaluates code at run time; nothing is loaded from or sent to other hosts. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "frame-ancestors 'none'",
].join('; ')

export function docsRoutes(api: Api, { environment }: ApiDeps): void {
  const registry = api.openAPIRegistry
  const basePath = basePathOf(environment.PUBLIC_URL)
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookieOf(environment.PUBLIC_URL),
  })
  registry.registerComponent('securitySchemes', 'api_key', {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
  })

  // Built once: it does not change, and takes 30 ms.
  let document: ReturnType<typeof api.getOpenAPI31Document> | undefined
  api.get('/v1/openapi.json', (context) => {
    document ??= api.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Rapporteur', version: '1', description },
      servers: [{ url: environment.PUBLIC_URL }],
    })
    return context.json(document)
  })

  api.use('/docs', async (context, next) => {
    context.set('contentSecurityPolicy', pagePolicy)
    await next()
  })
  api.get(
    '/docs',
    Scalar({
      url: `${basePath}/v1/openapi.json`,
      pageTitle: 'Rapporteur · API',
      cdn: `${basePath}/docs/scalar.js`,
      bundle: false,
      withDefaultFonts: false,
      telemetry: false,
      // Both lead to the vendor's site.
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    }),
  )

  let program: Promise<{ code: Uint8Array<ArrayBuffer>; etag: string }> | undefined
  api.get('/docs/scalar.js', async (context) => {
    const { code, etag } = await (program ??= scalarProgram())
    context.header('etag', etag)
    context.header('cache-control', 'public, max-age=3600')
    if (context.req.header('if-none-match') === etag) return context.body(null, 304)
    return context.body(code, 200, { 'content-type': 'text/javascript; charset=utf-8' })
  })
}

/** The package for another framework is the one that ships the page's program as a file (see docs/decisions). */
async function scalarProgram() {
  const file = new URL('js/standalone.js', import.meta.resolve('@scalar/fastify-api-reference'))
  const code = new Uint8Array(await readFile(file))
  return { code, etag: `"${createHash('sha256').update(code).digest('base64url').slice(0, 27)}"` }
}
