/** Sign-in by the identity provider: the way there, and the way back. Both are pages a browser goes through. */

import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { createSealedTokens } from '#adapters/sealed-token.ts'
import { authSecrets } from '#config/secrets.ts'
import { pagePaths } from '#domain/page-paths.ts'
import type { Api, ApiContext } from '../../http/api-env.ts'
import { basePathOf } from '../../http/path-below.ts'
import { applySchedules } from '../../people/apply-schedules.ts'
import type { ApiDeps } from '../../deps.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { visitorOf } from '../../audit/audit-actor.ts'
import { startSession } from '../start-session.ts'
import { admitPerson, type Refusal } from './admit-person.ts'
import { callbackPath, ProviderError, type IdentityProvider } from './identity-provider.ts'

const cookieName = 'rapporteur.provider'
const minutes = 10

const remembered = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  returnTo: z.string(),
})
type Remembered = z.infer<typeof remembered>

type SignInFailure = Refusal | `provider_${ProviderError['reason']}` | 'sign_in_expired'

export function providerRoutes(api: Api, deps: ApiDeps, provider: IdentityProvider | null): void {
  const { auth, environment, prisma, logger, engine } = deps
  const tokens = createSealedTokens(authSecrets(environment), 'provider', deps.now)
  const home = new URL(environment.PUBLIC_URL)
  const basePath = basePathOf(environment.PUBLIC_URL)
  const cookiePath = `${basePath}/api/auth`

  api.get('/api/auth/provider', async (context) => {
    if (!provider) return context.notFound()
    // The cookie set here is read at PUBLIC_URL, where the provider sends the person back to.
    const asked = new URL(context.req.url)
    const host = context.req.header('host') ?? asked.host
    const here = new URL(environment.PUBLIC_URL + context.req.path + asked.search)
    if (host !== home.host && asked.searchParams.get('ici') === null) {
      here.searchParams.set('ici', '1')
      return context.redirect(here.href)
    }
    const returnTo = ownPath(asked.searchParams.get('retour'))
    try {
      const { url, checks } = await provider.signInUrl()
      await remember(context, { ...checks, returnTo })
      return context.redirect(url)
    } catch (error) {
      return answerFailure(context, error, returnTo)
    }
  })

  api.get(callbackPath, async (context) => {
    if (!provider) return context.notFound()
    const known = await recall(context)
    deleteCookie(context, cookieName, { path: cookiePath, secure: home.protocol === 'https:' })
    if (!known) return failed(context, 'sign_in_expired', pagePaths.reports)
    const { returnTo, ...checks } = known
    try {
      const claims = await provider.claims(new URL(context.req.url).search, checks)
      const admission = await admitPerson(prisma, claims, environment)
      const name = admission.ok ? admission.name : (admission.email ?? '')
      const who = { id: admission.ok ? admission.userId : null, name, via: 'provider' } as const
      const actor = visitorOf(context, environment, who)
      if (!admission.ok) {
        await recordEvent(prisma, actor, { kind: 'sign_in_refused', details: { reason: admission.reason } })
        return failed(context, admission.reason, returnTo)
      }
      if (admission.isNew) await recordEvent(prisma, actor, { kind: 'person_joined' })
      if (admission.changes.length > 0) {
        const subject = { type: 'person', id: admission.userId, name } as const
        await recordEvent(prisma, actor, { kind: 'person_changed', subject, changes: admission.changes })
      }
      await recordEvent(prisma, actor, { kind: 'signed_in' })
      await applySchedules(engine, admission.changedDefinitions)
      await startSession(context, auth, { userId: admission.userId, viaProvider: true })
      return context.redirect(basePath + returnTo)
    } catch (error) {
      return answerFailure(context, error, returnTo)
    }
  })

  async function remember(context: ApiContext, checks: Remembered): Promise<void> {
    const expiresAt = new Date(deps.now().getTime() + minutes * 60_000)
    const token = await tokens.seal({ ...checks }, expiresAt)
    setCookie(context, cookieName, token, {
      path: cookiePath,
      httpOnly: true,
      // The way back is a navigation from the provider's site: Strict would leave the cookie out.
      sameSite: 'Lax',
      secure: home.protocol === 'https:',
      maxAge: minutes * 60,
    })
  }

  async function recall(context: ApiContext): Promise<Remembered | null> {
    const token = getCookie(context, cookieName)
    const opened = token === undefined ? null : await tokens.open(token)
    return opened && !opened.isExpired ? (remembered.safeParse(opened.claims).data ?? null) : null
  }

  function answerFailure(context: ApiContext, error: unknown, returnTo: string): Response {
    if (!(error instanceof ProviderError)) throw error
    const { reason, cause } = error
    if (reason !== 'declined') {
      logger.error({ requestId: context.get('requestId'), err: cause, reason }, 'identity provider failed')
    }
    return failed(context, `provider_${reason}`, returnTo)
  }

  function failed(context: ApiContext, reason: SignInFailure, returnTo: string): Response {
    const query = new URLSearchParams({
      erreur: reason,
      ...(returnTo === pagePaths.reports ? {} : { retour: returnTo }),
    })
    return context.redirect(`${basePath}${pagePaths.signIn}?${query.toString()}`)
  }

  /** A page's path, without the base path: a return address in a link must not lead to another site. */
  function ownPath(path: string | null): string {
    if (!path?.startsWith('/') || !URL.canParse(path, home.href)) return pagePaths.reports
    const url = new URL(path, home)
    return url.origin === home.origin && path.length < 2_000
      ? url.pathname + url.search + url.hash
      : pagePaths.reports
  }
}
