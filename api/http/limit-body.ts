/** How large a body may be: little before it is known who sends it. */

import { bodyLimit } from 'hono/body-limit'
import type { Localized } from '#domain/locale.ts'
import { ApiProblem } from './api-problem.ts'

/** Of a caller who is signed in. */
export const maxBodyBytes = 1_000_000
/** Of everybody else. The longest, a password's change by better-auth's rules, has about 500 bytes. */
export const maxAnonymousBodyBytes = 16_000

const anonymous: Localized = {
  fr: 'Avant la connexion, le corps d’une requête ne dépasse pas 16 ko.',
  en: 'Before sign-in, a request’s body is at most 16 kB.',
}

/** 413 for a body over the limit. One that comes without its length is read up to it. */
export function limitBody(maxBytes: typeof maxBodyBytes | typeof maxAnonymousBodyBytes) {
  const detail = maxBytes === maxAnonymousBodyBytes ? anonymous : undefined
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new ApiProblem('body_too_large', { detail })
    },
  })
}
