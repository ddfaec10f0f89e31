/** The public HTTP API by a key, and what it refuses in words. */

import type { Locale } from '#domain/locale.ts'
import { problems } from '#domain/problems.ts'
import { problemSchema } from '#domain/schemas/problem-schema.ts'
import { causeOf, wordsOf } from '#services/checks/finding.ts'
import { CommandError, UsageError } from './command-error.ts'
import { readGiven } from './read-given.ts'

/** Said by options, else by the variables of the same names. */
export interface ApiOptions {
  url?: string
  /** A file with the key; `-`: standard input. */
  keyFile?: string
}

interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Readonly<Record<string, string | number | undefined>>
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** An answer of an error's status is an answer, too, as of /readyz. */
  mayFail?: boolean
}

export interface ApiClient {
  readonly url: string
  readonly locale: Locale
  /** @throws CommandError with what the API says, in the person's language. */
  call<T>(path: string, request?: Request): Promise<T>
  /** The same, with the version that a change may name in `If-Match`. */
  read(path: string): Promise<{ body: unknown; etag: string | null }>
  /** All items of a list, page by page; ends the list where `until` holds. */
  list<T>(path: string, query?: Request['query'], until?: (item: T) => boolean): AsyncGenerator<T>
}

/** Longer than the API waits for Temporal and its database. */
const timeoutMs = 60_000
const pageSize = 100

/** @throws UsageError when it is not said which installation, or with which key. */
export async function connectApi(
  variables: NodeJS.ProcessEnv,
  { url: given, keyFile }: ApiOptions,
): Promise<ApiClient> {
  const url = (given ?? variables['RAPPORTEUR_URL'] ?? '').replace(/\/+$/, '')
  if (url === '')
    throw new UsageError(
      'Say which installation: --url, or RAPPORTEUR_URL, such as https://reports.example.org',
    )
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError(`${url} is no address of an installation`)
  const key = await readKey(variables, keyFile)
  const locale = localeOf(variables)
  const ask = async (path: string, { method = 'GET', query = {}, body, headers = {} }: Request) => {
    const address = new URL(url + path)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value))
    }
    try {
      return await fetch(address, {
        method,
        headers: {
          'x-api-key': key,
          'accept-language': locale,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would hand the key to another host.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw new CommandError(unreached(url, error, locale))
    }
  }
  const answered = async (path: string, request: Request) => {
    const answer = await ask(path, request)
    const content = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false
    if ((answer.ok || request.mayFail) && (isJson || content === '')) {
      return {
        body: content === '' ? null : (JSON.parse(content) as unknown),
        etag: answer.headers.get('etag'),
      }
    }
    throw new CommandError(isJson ? refusal(content, locale) : notTheApi(url, answer.status, locale))
  }
  const client: ApiClient = {
    url,
    locale,
    call: async <T>(path: string, request: Request = {}) => (await answered(path, request)).body as T,
    read: (path) => answered(path, {}),
    async *list<T>(path: string, query: Request['query'] = {}, until: (item: T) => boolean = () => false) {
      for (let page = 1; ; page++) {
        const { items, total } = await client.call<{ items: T[]; total: number }>(path, {
          query: { ...query, page, page_size: pageSize },
        })
        for (const item of items) {
          if (until(item)) return
          yield item
        }
        if (items.length === 0 || page * pageSize >= total) return
      }
    },
  }
  return client
}

/** Never from an argument: every user of the machine can read those of a process. */
async function readKey(variables: NodeJS.ProcessEnv, option: string | undefined): Promise<string> {
  const file = option ?? (variables['RAPPORTEUR_API_KEY'] ? undefined : variables['RAPPORTEUR_API_KEY_FILE'])
  const key = file === undefined ? variables['RAPPORTEUR_API_KEY'] : await readGiven(file)
  if (key?.trim()) {
    // Said here, since what refuses it as a header would quote it.
    if (!/^[\x21-\x7e]+$/.test(key.trim())) throw new UsageError('The API key has characters that none has')
    return key.trim()
  }
  throw new UsageError(
    'An API key is needed: RAPPORTEUR_API_KEY, RAPPORTEUR_API_KEY_FILE or --key-file (make one in « Mon compte » → « Clés d’API »)',
  )
}

/** The language of the shell, as POSIX orders these variables; English where it says none that is spoken here. */
function localeOf(variables: NodeJS.ProcessEnv): Locale {
  const name = variables['LC_ALL'] || variables['LC_MESSAGES'] || variables['LANG'] || ''
  return /^fr\b|^fr_/i.test(name) ? 'fr' : 'en'
}

function refusal(content: string, locale: Locale): string {
  const { data: problem } = problemSchema.safeParse(JSON.parse(content))
  if (!problem) return content.slice(0, 500)
  // The account's language, which the API answers in, may be another than the shell's.
  const known = Object.hasOwn(problems, problem.code) ? problems[problem.code as keyof typeof problems] : null
  const detail = known ? known.detail[locale] : problem.detail
  const fields = (problem.errors ?? []).map(
    ({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`,
  )
  return [`${detail} (${problem.code})`, ...fields].join('\n')
}

function unreached(url: string, error: unknown, locale: Locale): string {
  const why = wordsOf(causeOf(error))
  return {
    fr: `${url} ne répond pas : ${why}. Vérifiez l’adresse (--url ou RAPPORTEUR_URL), et que l’API est en marche.`,
    en: `${url} does not answer: ${why}. Check the address (--url or RAPPORTEUR_URL), and that the API runs.`,
  }[locale]
}

function notTheApi(url: string, status: number, locale: Locale): string {
  return {
    fr: `${url} répond ${status}, mais pas comme Rapporteur : vérifiez l’adresse (--url ou RAPPORTEUR_URL).`,
    en: `${url} answers ${status}, but not as Rapporteur does: check the address (--url or RAPPORTEUR_URL).`,
  }[locale]
}
