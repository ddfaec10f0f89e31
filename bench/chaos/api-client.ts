/** A client of the API that sends an idempotency key, and retries until it is answered. */

import { setTimeout as delay } from 'node:timers/promises'
import { cookiesSet } from '#test/cookies-set.ts'

export interface ApiAnswer<T> {
  body: T
  /** How many requests it took. */
  tries: number
}

const timeoutMs = 20_000
const retryMs = 1_000
/** Far longer than any outage here. */
const giveUpAfterMs = 900_000

export class ApiClient {
  readonly #url: string
  readonly #signal: AbortSignal
  #cookie = ''

  constructor(url: string, signal: AbortSignal) {
    this.#url = url
    this.#signal = signal
  }

  async signIn(email: string, password = 'rapporteur'): Promise<void> {
    const answer = await this.#fetch('POST', '/api/auth/sign-in/email', { email, password })
    if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}: ${await answer.text()}`)
    this.#cookie = cookiesSet(answer.headers)
  }

  /**
   * Retries until there is an answer: no connection, a timeout, a 5xx and "still in progress" are retried with the
   * same key, so that it is done once.
   * @param key without one, the request must be idempotent.
   * @throws Error with the answer's text when it is refused, or when nothing answers for minutes.
   */
  async ask<T>(method: string, path: string, body?: unknown, key?: string): Promise<ApiAnswer<T>> {
    const deadline = Date.now() + giveUpAfterMs
    for (let tries = 1; ; tries++) {
      let trouble: string
      try {
        const answer = await this.#fetch(method, path, body, key)
        const text = await answer.text()
        if (answer.ok) return { body: (text === '' ? undefined : JSON.parse(text)) as T, tries }
        trouble = `${method} ${path} answered ${answer.status}: ${text}`
        if (answer.status < 500 && !text.includes('request_in_progress')) throw new ApiRefusal(trouble)
      } catch (error) {
        if (error instanceof ApiRefusal || this.#signal.aborted) throw error
        trouble = `${method} ${path}: ${String(error)}`
      }
      if (Date.now() > deadline) throw new Error(`Nothing answers: ${trouble}`)
      await delay(retryMs, undefined, { signal: this.#signal })
    }
  }

  #fetch(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#signal]),
    })
  }
}

/** The API refused a request that it understood. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
}
