/**
 * The web pages: the built files of dist/web. Their names hold their content's hash, so browsers keep them for good;
 * index.html, which names them, is asked for each time and answers every address that the pages know.
 */

import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Api, ApiContext } from './api-env.ts'

/** The routes of web/src/app.tsx. */
const pagePaths = [
  '/rapports',
  '/rapports/:number',
  '/donnees/:type',
  '/parametres/rapports-programmes',
  '/parametres/rapports-programmes/:id',
  '/parametres/personnes',
  '/tableau-de-bord',
  '/connexion',
]
/** Programs ask here: they get problems, not pages. */
const programPaths = /^\/(v1|api|docs|assets|healthz|readyz|l|u)(\/|$)/

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}
const compressible = new Set(['.html', '.js', '.css', '.svg', '.webmanifest'])

interface PageFile {
  body: Buffer<ArrayBuffer>
  mediaType: string
  etag: string
  immutable: boolean
  /** Made when first asked for. */
  encoded: Map<string, Promise<Buffer>>
}

interface Build {
  /** By path, such as `/assets/main-1a2b.js`. */
  files: Map<string, PageFile>
  index: PageFile
  policy: string
}

export function webPages(folder = fileURLToPath(new URL('../../dist/web/', import.meta.url))) {
  let current: Promise<Build | null> | undefined
  let builtAt = ''

  /** The build on disk; read again when it was made anew, files still being written included. Null: there is none. */
  const build = async (): Promise<Build | null> => {
    const times = await Promise.all(
      ['index.html', 'assets'].map(async (name) => modified(join(folder, name))),
    )
    if (!current || times.join() !== builtAt) {
      builtAt = times.join()
      current = times.includes(0) ? Promise.resolve(null) : readBuild(folder)
    }
    return current
  }

  const page = async (context: ApiContext, status: 200 | 404 = 200): Promise<Response> => {
    const built = await build()
    if (!built) {
      return context.text('The web pages are not built: npm run build:web', 503, { 'retry-after': '10' })
    }
    context.set('contentSecurityPolicy', built.policy)
    return answer(context, built.index, status)
  }

  return {
    routes(api: Api): void {
      api.get('/', (context) => context.redirect('/rapports', 302))
      for (const path of pagePaths) api.get(path, async (context) => page(context))
      for (const path of ['/assets/*', '/favicon.svg']) {
        api.get(path, async (context, next) => {
          const file = (await build())?.files.get(context.req.path)
          if (!file) return next()
          return answer(context, file)
        })
      }
    },
    /** A person at an address that does not exist gets the page that says so; null for programs. */
    async notFound(context: ApiContext): Promise<Response | null> {
      const { method, path } = context.req
      const wantsPage = (context.req.header('accept') ?? '').includes('text/html')
      if (method !== 'GET' || !wantsPage || programPaths.test(path)) return null
      return (await build()) ? page(context, 404) : null
    },
  }
}

/** In milliseconds; 0 when it does not exist. */
async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}

async function readBuild(folder: string): Promise<Build> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && mediaTypes[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name))
  const entries = await Promise.all(
    names.map(async (name) => {
      const body = await readFile(name)
      const path = `/${name
        .slice(folder.length)
        .replace(/^[\\/]+/, '')
        .replaceAll('\\', '/')}`
      const file: PageFile = {
        body,
        mediaType: mediaTypes[extname(name)] ?? 'application/octet-stream',
        etag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
        immutable: path.startsWith('/assets/'),
        encoded: new Map(),
      }
      return [path, file] as const
    }),
  )
  const files = new Map(entries)
  const index = files.get('/index.html')
  if (!index) throw new Error(`${folder} has no index.html`)
  return { files, index, policy: policyFor(index.body.toString('utf8')) }
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

const brotli = promisify(brotliCompress)
const encoders: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  br: async (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: promisify(gzip),
}

async function answer(context: ApiContext, file: PageFile, status: 200 | 404 = 200): Promise<Response> {
  const encoding = encodingFor(context, file)
  const etag = `"${file.etag}${encoding ? `-${encoding}` : ''}"`
  context.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  context.header('etag', etag)
  context.header('vary', 'accept-encoding')
  if (status === 200 && context.req.header('if-none-match') === etag) return context.body(null, 304)
  context.header('content-type', file.mediaType)
  if (encoding) context.header('content-encoding', encoding)
  const body = encoding ? await encodedBody(file, encoding) : file.body
  return context.body(new Uint8Array(body), status)
}

function encodingFor(context: ApiContext, file: PageFile): string | null {
  if (![...compressible].some((extension) => mediaTypes[extension] === file.mediaType)) return null
  const accepted = (context.req.header('accept-encoding') ?? '')
    .split(',')
    .map((part) => part.trim().split(';')[0])
  return Object.keys(encoders).find((name) => accepted.includes(name)) ?? null
}

async function encodedBody(file: PageFile, encoding: string): Promise<Buffer> {
  const known = file.encoded.get(encoding)
  if (known) return known
  const made = encoders[encoding]?.(file.body) ?? Promise.resolve(file.body)
  file.encoded.set(encoding, made)
  return made
}
