import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { OpenAPIHono } from '@hono/zod-openapi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Api, ApiEnv } from './api-env.ts'
import { securityHeaders } from './security-headers.ts'
import { webPages } from './web-pages.ts'
import { compressFiles } from '#web/compress-files.ts'

const html = '<!doctype html><script>var one = 1</script><script type="module" src="/assets/a-1.js"></script>'
const code = 'console.log("é");\n'.repeat(200)
/** base64 of the SHA-256 of `var one = 1`, by openssl. */
const inlineHash = 'sha256-4I89iO+jEbuF7OUM9OnwjVuf5a65WV2KgE/h/QdU5Hc='

let folder: string
let api: Api
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapporteur-pages-'))
  const pages = webPages('', `${folder}/`)
  api = new OpenAPIHono<ApiEnv>()
  api.use(securityHeaders({ PUBLIC_URL: 'http://localhost', HSTS_INCLUDE_SUBDOMAINS: false }))
  pages.routes(api)
  api.notFound(async (context) => (await pages.notFound(context)) ?? context.json({ code: 'not_found' }, 404))
})
afterEach(async () => await rm(folder, { recursive: true }))

const build = async () => {
  await mkdir(join(folder, 'assets'))
  await mkdir(join(folder, '.vite'))
  await Promise.all([
    writeFile(join(folder, 'index.html'), html),
    writeFile(join(folder, 'assets', 'a-1.js'), code),
    writeFile(join(folder, '.built-from'), 'secret'),
  ])
  await compressFiles(folder)
}
const get = async (path: string, headers: Record<string, string> = {}) => await api.request(path, { headers })

describe('the pages', () => {
  beforeEach(build)

  it('begin with Mes Rapports', async () => {
    const answer = await get('/')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/rapports')
  })

  it.each([
    '/rapports',
    '/rapports/12',
    '/donnees/schools',
    '/parametres/rapports-programmes/x',
    '/parametres/personnes',
    '/connexion',
  ])('answer %s, never from a cache unasked', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(html)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    const again = await get(path, { 'if-none-match': answer.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })

  it('run their own files and the one script in them, nothing else', async () => {
    const policy = (await get('/rapports')).headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`script-src 'self' '${inlineHash}';`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-eval')
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toContain('unsafe-inline')
  })

  it('have files that browsers keep for good, compressed as asked', async () => {
    const plain = await get('/assets/a-1.js')
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(plain.headers.get('vary')).toBe('accept-encoding')
    expect(await plain.text()).toBe(code)
    const br = await get('/assets/a-1.js', { 'accept-encoding': 'gzip, deflate, br' })
    expect(br.headers.get('content-encoding')).toBe('br')
    expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(code)
    const gz = await get('/assets/a-1.js', { 'accept-encoding': 'gzip' })
    expect(gunzipSync(Buffer.from(await gz.arrayBuffer())).toString()).toBe(code)
    expect(new Set([plain, br, gz].map(({ headers }) => headers.get('etag'))).size).toBe(3)
  })

  it('say to a person that an address does not exist, and to a program as it expects', async () => {
    const accept = 'text/html,application/xhtml+xml'
    const person = await get('/nothing', { accept })
    expect(person.status).toBe(404)
    expect(await person.text()).toBe(html)
    for (const path of ['/v1/nothing', '/api/nothing', '/assets/nothing.js']) {
      expect(await (await get(path, { accept })).json(), path).toEqual({ code: 'not_found' })
    }
    expect((await get('/nothing')).headers.get('content-type')).toContain('application/json')
  })

  it('show nothing but what was built', async () => {
    for (const path of [
      '/assets/../.built-from',
      '/assets/%2e%2e/.built-from',
      '/.built-from',
      '/assets/.vite',
    ]) {
      expect((await get(path)).status, path).toBe(404)
    }
  })

  it('are read again when they are built anew', async () => {
    expect(await (await get('/rapports')).text()).toBe(html)
    await writeFile(join(folder, 'index.html'), '<p>newer</p>')
    const later = new Date(Date.now() + 5_000)
    await utimes(join(folder, 'index.html'), later, later)
    expect(await (await get('/rapports')).text()).toBe('<p>newer</p>')
  })
})

describe('below a path', () => {
  it('the one build names its files and its path there, and has a policy for what it became', async () => {
    await build()
    const built = html.replace('"/assets', '"./assets').replace('<script>', '<html lang="fr"><script>')
    await writeFile(join(folder, 'index.html'), built)
    const pages = webPages('/etat', `${folder}/`)
    api = new OpenAPIHono<ApiEnv>()
    pages.routes(api)
    const answer = await get('/rapports/12')
    const text = await answer.text()
    expect(text).toContain('<html data-base-path="/etat" lang="fr">')
    expect(text).toContain('src="/etat/assets/a-1.js"')
    expect((await get('/')).headers.get('location')).toBe('/etat/rapports')
  })

  it('that there is none is told by the same build', async () => {
    await build()
    await writeFile(join(folder, 'index.html'), html.replace('"/assets', '"./assets'))
    expect(await (await get('/rapports/12')).text()).toBe(html)
  })
})

describe('HSTS', () => {
  it.each([
    ['http://localhost', false, null],
    ['https://ville.test/etat', false, 'max-age=31536000'],
    ['https://ville.test', true, 'max-age=31536000; includeSubDomains'],
  ])('of %s, subdomains asked: %s, is %s', async (PUBLIC_URL, HSTS_INCLUDE_SUBDOMAINS, header) => {
    const app = new OpenAPIHono<ApiEnv>()
    app.use(securityHeaders({ PUBLIC_URL, HSTS_INCLUDE_SUBDOMAINS }))
    const answer = await app.request('/')
    expect(answer.headers.get('strict-transport-security')).toBe(header)
  })
})

it('say how to build them when they are not, and serve them once they are', async () => {
  const missing = await get('/rapports')
  expect(missing.status).toBe(503)
  expect(await missing.text()).toContain('npm run build:web')
  expect((await get('/nothing', { accept: 'text/html' })).status).toBe(404)
  await build()
  expect((await get('/rapports')).status).toBe(200)
})
