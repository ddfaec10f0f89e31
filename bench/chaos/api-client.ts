/** A careful client of the API: names each request, and asks again until it is answered. */

import { setTimeout as delay } from 'node:timers/promises'
import { cookiesSet } from '#test/cookies-set.ts'

export interface ApiAnswer<T> {
  body: T
  /** How often it had to be asked. */
  tries: number
}

const answerWithinMs = 20_000
const askAgainMs = 1_000
/** Far longer than any outage here. */
const givenUpAfterMs = 240_000

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
   * Asks until there is an answer: no connection, a timeout, a 5xx and "still in progress" are asked again under the
   * same key, so that it is done once.
   * @param key without one, the request must be harmless to repeat.
   * @throws Error with the answer's own words when it is refused, or nothing answers for minutes.
   */
  async ask<T>(method: string, path: string, body?: unknown, key?: string): Promise<ApiAnswer<T>> {
    const deadline = Date.now() + givenUpAfterMs
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
      await delay(askAgainMs, undefined, { signal: this.#signal })
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
      signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), this.#signal]),
    })
  }
}

/** The API understood, and said no. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
}
