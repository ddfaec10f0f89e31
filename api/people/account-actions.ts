/**
 * What administrators do with accounts, for the pages' routes and for the operator's command: the change itself, and
 * what goes before and after it at the engine. What Temporal does not take now, the reconciler and the sweep do later.
 */

import { recordEvent, type Actor } from '#services/audit/record-event.ts'
import { anonymisePerson } from '#services/people/anonymise-person.ts'
import { personSubject } from '#services/people/change-accounts.ts'
import { ApiProblem } from '../http/api-problem.ts'
import type { ApiDeps } from '../deps.ts'
import { applySchedules } from './apply-schedules.ts'
import { changePerson, type PersonChange } from './change-person.ts'
import { deactivatePerson } from './deactivate-person.ts'
import { inviteAgain, invitePerson, type Invitation, type Inviter } from './invite-person.ts'

export function createAccountActions({ prisma, engine }: Pick<ApiDeps, 'prisma' | 'engine'>) {
  return {
    /** @returns the account's id, and whether the mail is on its way already. @throws ApiProblem as `invitePerson` */
    async invite(invitation: Invitation, by: Inviter): Promise<{ id: string; isSent: boolean }> {
      const id = await invitePerson(prisma, invitation, by)
      return { id, isSent: await engine.sendNotices(null) }
    },
    /** @throws ApiProblem as `inviteAgain` */
    async inviteAgain(id: string, by: Inviter): Promise<void> {
      await inviteAgain(prisma, id, by)
      await engine.sendNotices(null)
    },
    /** @returns how many scheduled reports it paused. @throws ApiProblem as `changePerson` */
    async change(id: string, change: PersonChange, by: Actor): Promise<number> {
      if (change.role === 'user') await engine.accountForOwner(id)
      return await applied(await changePerson(prisma, id, change, by))
    },
    /** @returns how many scheduled reports it paused. @throws ApiProblem as `deactivatePerson` */
    async deactivate(id: string, by: Actor): Promise<number> {
      await engine.accountForOwner(id)
      return await applied(await deactivatePerson(prisma, id, by))
    },
    /** @throws ApiProblem 404; 409 with what is to be done first */
    async anonymise(id: string, by: Actor): Promise<void> {
      const outcome = await anonymisePerson(prisma, id, async (transaction) => {
        const subject = await personSubject(transaction, id)
        await recordEvent(transaction, by, { kind: 'person_anonymised', subject })
      })
      if (!outcome.ok) throw new ApiProblem(outcome.code)
      await applied(outcome.scheduledReportIds)
    },
  }

  async function applied(scheduledReportIds: readonly string[]): Promise<number> {
    await applySchedules(engine, scheduledReportIds)
    return scheduledReportIds.length
  }
}
