/** The API over a database, a bucket and a Temporal namespace of its own, with real sign-in and demo data. No worker runs. */

import { linkSecrets } from '#config/secrets.ts'
import { createPasswordLinks } from '#adapters/password-link.ts'
import { createLinkSigner } from '#adapters/signed-link.ts'
import { createSource } from '#adapters/source/source.ts'
import { createStorage } from '#adapters/storage/storage.ts'
import { createApp } from '#api/app.ts'
import type { Api } from '#api/http/api-env.ts'
import { createAuth } from '#api/auth/create-auth.ts'
import { createDemoAccounts, demoPassword } from '#demo/accounts.ts'
import type { ApiDeps } from '#api/deps.ts'
import { createReportFeed } from '#api/reports/report-feed.ts'
import { readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { openCatalogue } from '#catalogue/live-catalogue.ts'
import { createTestBucket } from '../servers/bucket.ts'
import { cookiesSet } from '../cookies-set.ts'
import { createTestDatabase, demoDatabaseUrl } from '../servers/database.ts'
import { createTestNamespace } from '../servers/temporal-namespace.ts'
import { TestEngine } from './test-engine.ts'

export interface Answer {
  status: number
  headers: Headers
  /** Parsed when it is JSON, the text otherwise. */
  body: unknown
}

/** A client of the API, signed in or anonymous. */
export interface Caller {
  /** Headers that say who it is. */
  identity: Record<string, string>
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  delete(path: string, headers?: Record<string, string>): Promise<Answer>
}

export interface TestApi {
  app: Api
  deps: ApiDeps
  engine: TestEngine
  prisma: PrismaClient
  environment: Environment
  anonymous: Caller
  signIn(name: string): Promise<Caller>
  close(): Promise<void>
}

export async function createTestApi(
  options: {
    variables?: Record<string, string>
    now?: () => Date
    /** From the database's URL to the one that the service gets. */
    databaseAt?: (url: string) => Promise<string>
  } = {},
): Promise<TestApi> {
  const { variables = {}, now = () => new Date(), databaseAt = async (url) => url } = options
  const database = await createTestDatabase()
  const bucket = await createTestBucket()
  const environment = readEnvironment({
    NODE_ENV: 'test',
    DATABASE_URL: await databaseAt(database.url),
    SOURCE_DATABASE_URL: await demoDatabaseUrl(),
    SMTP_URL: 'smtp://127.0.0.1:1',
    ...bucket,
    ...(await createTestNamespace()),
    ...variables,
  })
  const logger = createLogger('test', 'silent')
  const prisma = createPrisma(environment.DATABASE_URL)
  const source = createSource({
    connectionString: environment.SOURCE_DATABASE_URL,
    statementTimeoutMs: 20_000,
    maxConnections: 4,
  })
  const productSource = createSource({
    connectionString: environment.DATABASE_URL,
    statementTimeoutMs: 20_000,
    maxConnections: 4,
  })
  const storage = createStorage(environment)
  const auth = createAuth(prisma, environment, logger)
  await createDemoAccounts(prisma, auth)
  const catalogue = await openCatalogue(environment)
  const engine = await TestEngine.create({ prisma, catalogue, environment, logger })
  const deps: ApiDeps = {
    environment,
    prisma,
    auth,
    catalogue,
    source,
    productSource,
    // Totals are exact however busy the machine is.
    countTimeoutMs: 10_000,
    storage,
    engine,
    links: createLinkSigner(linkSecrets(environment), now),
    passwordLinks: createPasswordLinks(linkSecrets(environment), now),
    logger,
    now,
  }
  const feed = createReportFeed({ prisma, engine, logger, now, intervalMs: 50 })
  const app = createApp(deps, feed)
  const caller = (identity: Record<string, string>): Caller => {
    const request: Caller['request'] = async (method, path, body, headers = {}) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
      const response = await app.request(path, {
        method,
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...identity,
          ...headers,
        },
        body: text,
      })
      const content = await response.text()
      const isJson = content !== '' && (response.headers.get('content-type')?.includes('json') ?? false)
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? (JSON.parse(content) as unknown) : content,
      }
    }
    return {
      identity,
      request,
      get: (path, headers) => request('GET', path, undefined, headers),
      post: (path, body, headers) => request('POST', path, body, headers),
      put: (path, body, headers) => request('PUT', path, body, headers),
      delete: (path, headers) => request('DELETE', path, undefined, headers),
    }
  }
  const anonymous = caller({})
  return {
    app,
    deps,
    engine,
    prisma,
    environment,
    anonymous,
    signIn: async (name) => {
      const email = `${name}@rapporteur.test`
      const answer = await anonymous.post('/api/auth/sign-in/email', { email, password: demoPassword })
      if (answer.status !== 200) throw new Error(`${email} could not sign in: ${JSON.stringify(answer.body)}`)
      const cookie = cookiesSet(answer.headers)
      return caller({ cookie })
    },
    close: async () => {
      feed.close()
      await Promise.allSettled([engine.close(), prisma.$disconnect(), source.close(), productSource.close()])
      storage.close()
      await database.drop()
    },
  }
}
