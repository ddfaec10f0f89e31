/** Starts a session for a person who was recognised without a password: by the provider, or by a link in a mail. */

import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { ApiProblem } from '../http/api-problem.ts'

/** A plugin of better-auth, so that its cookie is the one of a password's sign-in; no HTTP address leads here. */
export const sessionStarter = {
  id: 'session-starter',
  endpoints: {
    startSession: createAuthEndpoint.serverOnly(
      {
        method: 'POST',
        requireHeaders: true,
        body: z.object({ userId: z.string(), viaProvider: z.boolean() }),
      },
      async (context) => {
        const { userId, viaProvider } = context.body
        const { internalAdapter } = context.context
        const user = await internalAdapter.findUserById(userId)
        if (!user) throw new ApiProblem('unauthenticated')
        const session = await internalAdapter.createSession(userId, false, { viaProvider }, true)
        await setSessionCookie(context, { session, user })
        return context.json({ sessionId: session.id })
      },
    ),
  },
} as const
