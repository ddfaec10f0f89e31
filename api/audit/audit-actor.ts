/** Who acts in a request, for the audit trail. */

import type { Environment } from '#config/environment.ts'
import { nameOf, type Actor } from '#services/audit/record-event.ts'
import type { Report } from '#prisma/client/client.ts'
import type { ApiContext } from '../http/api-env.ts'
import { clientAddress } from '../http/client-address.ts'

type Proxies = Pick<Environment, 'TRUSTED_PROXY_HOPS'>

/** The signed-in person, or the key that acts for them. */
export function actorOf(context: ApiContext, environment: Proxies): Actor {
  const person = context.get('person')
  const access = context.get('access')
  return {
    ...placeOf(context, environment),
    id: person.id,
    name: nameOf(person),
    via: access.by,
    keyName: access.by === 'key' ? access.keyName : null,
  }
}

/** Somebody without a session: a link in a mail, a sign-in. */
export function visitorOf(
  context: ApiContext,
  environment: Proxies,
  who: Pick<Actor, 'id' | 'name' | 'via'>,
): Actor {
  return { ...placeOf(context, environment), ...who }
}

function placeOf(
  context: ApiContext,
  { TRUSTED_PROXY_HOPS }: Proxies,
): Pick<Actor, 'ipAddress' | 'requestId'> {
  return {
    ipAddress: clientAddress(context, TRUSTED_PROXY_HOPS)?.slice(0, 64),
    requestId: context.get('requestId'),
  }
}

export function reportSubject({ number, title }: Pick<Report, 'number' | 'title'>) {
  return { type: 'report', id: String(number), name: `N° ${number} · ${title}` } as const
}
