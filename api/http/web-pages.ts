/**
 * The web pages: the built files of dist/web. Their names hold their content's hash, so browsers keep them for good;
 * index.html, which names them, is asked for each time and answers every address that the pages know.
 */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { etag } from 'hono/etag'
import { createMiddleware } from 'hono/factory'
import { pagePaths, pageRoutes, programFolders } from '#domain/page-paths.ts'
import type { Api, ApiContext, ApiEnv } from './api-env.ts'

const programPaths = new RegExp(`^/(${programFolders.join('|')})(/|$)`)

/**
 * One build serves under any path: it names its files relatively, and what the API serves says below which path.
 * @param basePath such as `/rapporteur`; empty at the root of the host.
 */
export function webPages(
  basePath: string,
  folder = fileURLToPath(new URL('../../dist/web/', import.meta.url)),
) {
  /** Read each time, since it may be built anew while the API runs; null when it is not built. */
  const readIndex = () =>
    readFile(join(folder, 'index.html'), 'utf8').then(
      (html) => placed(html, basePath),
      () => null,
    )
  /** Compressed when the pages were built. The root is told here: given as such it must exist when the API starts. */
  const files = serveStatic<ApiEnv>({
    precompressed: true,
    rewriteRequestPath: (path) => join(folder, path),
  })

  return {
    routes(api: Api): void {
      api.get('/', (context) => context.redirect(basePath + pagePaths.reports, 302))
      for (const path of pageRoutes) {
        api.get(path, etag(), async (context) => {
          const html = await readIndex()
          if (html !== null) return page(context, html)
          return context.text('The web pages are not built: npm run build:web', 503, { 'retry-after': '10' })
        })
      }
      api.get('/assets/*', etag(), cached('public, max-age=31536000, immutable'), files)
      api.get('/favicon.svg', etag(), cached('no-cache'), files)
    },
    /** A person at an address that does not exist gets the page that says so; null for programs. */
    async notFound(context: ApiContext): Promise<Response | null> {
      const { method, path } = context.req
      const wantsPage = (context.req.header('accept') ?? '').includes('text/html')
      if (method !== 'GET' || !wantsPage || programPaths.test(path)) return null
      const html = await readIndex()
      return html === null ? null : page(context, html, 404)
    },
  }
}

/** The page at any depth below the path, of which web/src/base-path.ts reads it. */
function placed(html: string, basePath: string): string {
  return html
    .replaceAll(/ (href|src)="\.\//g, ` $1="${basePath}/`)
    .replace('<html ', basePath === '' ? '<html ' : `<html data-base-path="${basePath}" `)
}

function page(context: ApiContext, html: string, status: 200 | 404 = 200): Response {
  context.set('contentSecurityPolicy', policyFor(html))
  context.header('cache-control', 'no-cache')
  return context.body(html, status, { 'content-type': 'text/html; charset=utf-8' })
}

/** How long browsers keep a file that is there. */
function cached(cacheControl: string) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    await next()
    if (context.res.status === 404) return
    context.header('cache-control', cacheControl)
    context.header('vary', 'accept-encoding')
  })
}

/**
 * Only our own files, and index.html's own scripts by their hash. Style attributes are allowed, style sheets in the
 * page are not: positions of menus and widths of bars are set on elements.
 */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inline].join(' '),
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
