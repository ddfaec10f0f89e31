import type { ApiContext } from '../http/api-env.ts'
import { askAuth } from './ask-auth.ts'
import type { Auth } from './create-auth.ts'

/**
 * Signs a person in who was recognised without a password: sets the session's cookie on the answer.
 * @param session `viaProvider`: signing out goes on at the identity provider.
 */
export async function startSession(
  context: ApiContext,
  auth: Auth,
  session: { userId: string; viaProvider: boolean },
): Promise<void> {
  const { headers } = await askAuth(() =>
    auth.api.startSession({ body: session, headers: context.req.raw.headers, returnHeaders: true }),
  )
  passCookies(context, headers)
}

/** Sets better-auth's cookies on our answer. */
export function passCookies(context: ApiContext, headers: Headers | null): void {
  for (const cookie of headers?.getSetCookie() ?? []) context.header('set-cookie', cookie, { append: true })
}
