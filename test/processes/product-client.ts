import { cookiesSet } from '../cookies-set.ts'
/** Uses the product as a script of an organisation does: by HTTP with a session, and the inbox's own REST API. */

import { eventually } from '../eventually.ts'
import type { Product } from './product.ts'

export interface InboxMail {
  id: string
  subject: string
  to: { address: string }[]
  attachments?: { filename: string; generatedFileName: string }[]
}

export class ProductClient {
  readonly #product: Product
  #cookie = ''

  constructor(product: Product) {
    this.#product = product
  }

  async signIn(email: string, password = 'rapporteur'): Promise<void> {
    const answer = await this.request('POST', '/api/auth/sign-in/email', { email, password })
    if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}: ${await answer.text()}`)
    this.#cookie = cookiesSet(answer.headers)
  }

  /** The value of the session's cookie. */
  get sessionToken(): string {
    return /session_token=([^;]+)/.exec(this.#cookie)?.[1] ?? ''
  }

  request(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.#product.url}${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    })
  }

  /** @throws Error with the answer's own words unless it has this status. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, path, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  /** Mails to this address whose subject names the report. */
  async mails(recipient: string, number: number): Promise<InboxMail[]> {
    const mails = (await (await fetch(`${this.#product.inboxUrl}/email`)).json()) as InboxMail[]
    return mails.filter(
      (mail) => mail.to.some((to) => to.address === recipient) && mail.subject.includes(`N° ${number} `),
    )
  }

  mailsBecome(recipient: string, number: number, count: number, withinMs = 30_000): Promise<InboxMail[]> {
    return eventually(
      () => this.mails(recipient, number),
      (mails) => mails.length >= count,
      { withinMs, everyMs: 200 },
    )
  }

  async attachment(mail: InboxMail): Promise<Buffer> {
    const file = mail.attachments?.[0]?.generatedFileName
    const answer = await fetch(`${this.#product.inboxUrl}/email/${mail.id}/attachment/${file}`)
    return Buffer.from(await answer.arrayBuffer())
  }
}
