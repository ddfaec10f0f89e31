/**
 * An event, posted to an address of the operator's choice. Signed as Standard Webhooks has it (standardwebhooks.com), whose
 * libraries verify it; `text` is what chat programs' incoming webhooks show.
 */

import { createHmac, randomUUID } from 'node:crypto'

export interface WebhookEvent {
  /** Such as `sweep.late`. */
  type: string
  /** ISO 8601. */
  timestamp: string
  data: Readonly<Record<string, unknown>>
  text: string
}

export interface Webhook {
  url: string
  /** `whsec_` and base64, or any text; without one, nothing is signed. */
  secret?: string
}

const timeoutMs = 10_000

/** @throws Error when the address does not answer 2xx in time; redirections are not followed. */
export async function postWebhook({ url, secret }: Webhook, event: WebhookEvent): Promise<void> {
  const body = JSON.stringify(event)
  const id = `msg_${randomUUID()}`
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature =
    secret && createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      ...(signature ? { 'webhook-signature': `v1,${signature}` } : {}),
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`The webhook answered ${answer.status}`)
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret)
}
