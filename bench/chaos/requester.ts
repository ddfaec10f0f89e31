/** Requests reports during the chaos: as several people, and by scheduled reports that are due every minute. */

import { setTimeout as delay } from 'node:timers/promises'
import { SeededRandom } from '#demo/data/seeded-random.ts'
import { ApiClient, ApiRefusal } from './api-client.ts'
import { mailDomain, type ReportPlan } from './draw-reports.ts'

export interface AskedReport {
  number: number
  plan: ReportPlan
  /** How many requests it took. */
  tries: number
}

export interface DueOccurrence {
  scheduledReportId: string
  scheduledFor: Date
}

interface Definition {
  id: string
  firstAt: Date
}

const admin = 'admin@rapporteur.test'
const definitionCount = 3
/** An occurrence this close to the set-up or the pause of its definition may or may not be due. */
const unclearMs = 5_000
const minuteMs = 60_000

export class Requester {
  readonly #clients: ReadonlyMap<string, ApiClient>
  readonly #signal: AbortSignal
  readonly #run = Date.now()
  #definitions: Definition[] = []

  private constructor(clients: ReadonlyMap<string, ApiClient>, signal: AbortSignal) {
    this.#clients = clients
    this.#signal = signal
  }

  /** Signs all owners in, and creates the scheduled reports. */
  static async open(apiUrl: string, plans: readonly ReportPlan[], signal: AbortSignal): Promise<Requester> {
    const clients = new Map<string, ApiClient>()
    for (const email of new Set([admin, ...plans.map(({ ownerEmail }) => ownerEmail)])) {
      const client = new ApiClient(apiUrl, signal)
      await client.signIn(email)
      clients.set(email, client)
    }
    const requester = new Requester(clients, signal)
    for (let index = 0; index < definitionCount; index++) await requester.#define(index)
    return requester
  }

  /** Requests all reports, at random moments of the time. @returns when the last one is answered. */
  async askForAll(plans: readonly ReportPlan[], spreadMs: number, seed: number): Promise<AskedReport[]> {
    const random = new SeededRandom('chaos moments', seed)
    return Promise.all(
      plans.map(async (plan) => {
        await delay(random.next() * spreadMs, undefined, { signal: this.#signal })
        const key = `chaos-${this.#run}-${plan.index}`
        const client = this.#client(plan.ownerEmail)
        const { body, tries } = await client.ask<{ number: number }>('POST', '/v1/reports', plan.request, key)
        return { number: body.number, plan, tries }
      }),
    )
  }

  /** Ends the occurrences. @returns those that were due since the set-up. */
  async pauseScheduledReports(): Promise<DueOccurrence[]> {
    const until = Date.now() - unclearMs
    for (const { id } of this.#definitions) {
      await this.#client(admin).ask('POST', `/v1/admin/scheduled-reports/${id}/pause`)
    }
    return this.#definitions.flatMap(({ id, firstAt }) => {
      const due: DueOccurrence[] = []
      for (let time = firstAt.getTime(); time <= until; time += minuteMs) {
        due.push({ scheduledReportId: id, scheduledFor: new Date(time) })
      }
      return due
    })
  }

  /** Relaunches as a person does. Idempotent. */
  async relaunch(number: number): Promise<void> {
    try {
      await this.#client(admin).ask('POST', `/v1/reports/${number}/relaunch?resend_uncertain=true`)
    } catch (error) {
      if (!(error instanceof ApiRefusal) || !error.message.includes('already_running')) throw error
    }
  }

  async #define(index: number): Promise<void> {
    const definition = {
      name: `Chaque minute ${index + 1}`,
      type: 'schools',
      frequency: 'custom',
      cron_expression: '* * * * *',
      recipients: [1, 2].map((place) => `d${index}.${place}@${mailDomain}`),
      format: index % 2 === 0 ? 'csv' : 'excel',
      spread_minutes: 0,
    }
    const client = this.#client(admin)
    const { body } = await client.ask<{ id: string }>('POST', '/v1/admin/scheduled-reports', definition)
    const firstAt = new Date(Math.ceil((Date.now() + unclearMs) / minuteMs) * minuteMs)
    this.#definitions.push({ id: body.id, firstAt })
  }

  #client(email: string): ApiClient {
    const client = this.#clients.get(email)
    if (!client) throw new Error(`${email} has not signed in`)
    return client
  }
}
