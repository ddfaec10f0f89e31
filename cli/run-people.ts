/** `rapporteur people …`: what « Personnes » does, for who has a shell and no session. */

import type { z } from 'zod'
import { linkSecrets } from '#config/secrets.ts'
import { createPasswordLinks } from '#adapters/password-link.ts'
import { openCatalogue, type LiveCatalogue } from '#catalogue/live-catalogue.ts'
import { readEnvironment, type Environment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'
import { pagePaths } from '#domain/page-paths.ts'
import { problems } from '#domain/problems.ts'
import { fieldIssues } from '#domain/schemas/field-issues.ts'
import { invitationSchema, userChangeSchema } from '#domain/schemas/user-schema.ts'
import type { PrismaClient } from '#prisma/client/client.ts'
import { createPrisma } from '#prisma/client.ts'
import { recordEvent } from '#services/audit/record-event.ts'
import { connectEngine } from '#services/create-engine.ts'
import type { Engine } from '#services/engine.ts'
import { ApiProblem } from '#api/http/api-problem.ts'
import { personSubject } from '#services/people/change-accounts.ts'
import { reactivatePerson } from '#api/people/deactivate-person.ts'
import { createAccountActions } from '#api/people/account-actions.ts'
import { findPeople } from '#api/people/find-people.ts'
import { renewPasswordLink } from '#api/people/account-mails.ts'
import type { PersonChange } from '#api/people/change-person.ts'
import { handOverReports } from '#api/people/hand-over-reports.ts'
import type { Answer } from './answer.ts'
import { CommandError, UsageError } from './command-error.ts'

const operator = { id: null, name: 'npm run rapporteur', via: 'command' } as const

interface Setting {
  environment: Environment
  prisma: PrismaClient
  engine: Engine
  accounts: ReturnType<typeof createAccountActions>
  catalogue: LiveCatalogue
}

export type PeopleOptions = { name?: string; admin?: boolean; attribute?: string[]; resume?: boolean }
type Command = (
  setting: Setting,
  given: readonly string[],
  options: PeopleOptions,
) => Promise<string | Answer>

const commands = {
  async list({ prisma }, [q = '']) {
    const people = await findPeople(prisma, { q }, { skip: 0, take: 1_000 })
    const lines = people.map(({ email, name, role, active, joined_at, attributes, scheduled_reports }) => {
      const state = active ? (joined_at === null ? 'invited' : 'active') : 'deactivated'
      const pairs = Object.entries(attributes)
        .map(([attribute, value]) => `${attribute}=${value}`)
        .sort()
      return [email, name, role, state, `${scheduled_reports} scheduled reports`, ...pairs].join('\t')
    })
    return { json: people, text: lines.length === 0 ? 'Nobody.' : lines.join('\n') }
  },
  async invite({ accounts }, [email = ''], { name, admin, attribute = [] }) {
    const invitation = checked(invitationSchema, {
      email,
      name,
      role: admin ? 'admin' : 'user',
      attributes: pairsOf(attribute),
    })
    const { isSent } = await accounts.invite({ ...invitation, locale: 'fr' }, { ...operator, invitedBy: '' })
    return isSent
      ? `${email.toLowerCase()} is invited.`
      : `${email.toLowerCase()} is invited; the mail goes out once Temporal answers.`
  },
  async link({ prisma, environment }, [email = '']) {
    const id = await idOf(prisma, email)
    const link = await prisma.$transaction(async (transaction) => {
      const { banned } = await transaction.user.findUniqueOrThrow({ where: { id } })
      if (banned) throw new ApiProblem('account_deactivated')
      const subject = await personSubject(transaction, id)
      await recordEvent(transaction, operator, { kind: 'password_link_sent', subject })
      return renewPasswordLink(transaction, id, 'invitation')
    })
    const token = await createPasswordLinks(linkSecrets(environment)).sign({ userId: id, ...link })
    return `${environment.PUBLIC_URL}${pagePaths.choosePassword(token)}\nWorks once, until ${link.expiresAt.toISOString()}.`
  },
  async role(setting, [email = '', role]) {
    const wanted = checked(userChangeSchema.required({ role: true }).pick({ role: true }), { role })
    return changed(setting, email, wanted)
  },
  async attributes(setting, [email = '', ...pairs]) {
    return changed(setting, email, checked(userChangeSchema, { attributes: pairsOf(pairs) }))
  },
  async 'allow-provider'(setting, [email = '']) {
    return changed(setting, email, { linkable: true })
  },
  async 'hand-over'(setting, [from = '', to = ''], { resume = false }) {
    const { prisma } = setting
    const people = { fromId: await idOf(prisma, from), toId: await idOf(prisma, to), resume }
    const count = await handOverReports(setting, people, operator)
    return `${count} scheduled reports belong to ${to} now.`
  },
  async deactivate({ prisma, accounts }, [email = '']) {
    const paused = await accounts.deactivate(await idOf(prisma, email), operator)
    return `${email} is deactivated; ${paused} scheduled reports are paused.`
  },
  async reactivate({ prisma }, [email = '']) {
    await reactivatePerson(prisma, await idOf(prisma, email), operator)
    return `${email} is active again; paused scheduled reports stay paused.`
  },
  async anonymise({ prisma, accounts }, [email = '']) {
    await accounts.anonymise(await idOf(prisma, email), operator)
    return 'Anonymised.'
  },
} satisfies Record<string, Command>

async function changed({ prisma, accounts }: Setting, email: string, change: PersonChange): Promise<string> {
  const paused = await accounts.change(await idOf(prisma, email), change, operator)
  return `${email} is changed.${paused > 0 ? ` ${paused} scheduled reports are paused.` : ''}`
}

async function idOf(prisma: PrismaClient, email: string): Promise<string> {
  const user = await prisma.user.findUnique({ where: { email: email.toLowerCase() } })
  if (!user) throw new CommandError(`${email} has no account.`)
  return user.id
}

function pairsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`"${pair}" is not NAME=VALUE.`)
      return [pair.slice(0, at), pair.slice(at + 1)] as const
    }),
  )
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const lines = fieldIssues(parsed.error, value).map(({ path, message }) => `${path}: ${message.en}`)
  throw new UsageError(lines.join('\n'))
}

export type PeopleCommand = keyof typeof commands

export async function runPeople(
  name: PeopleCommand,
  given: readonly string[],
  options: PeopleOptions = {},
): Promise<Answer> {
  const environment = readEnvironment()
  const logger = createLogger('rapporteur', 'error')
  const prisma = createPrisma(environment.DATABASE_URL)
  const catalogue = await openCatalogue(environment)
  const engine = connectEngine(environment, { prisma, catalogue, logger })
  const accounts = createAccountActions({ prisma, engine })
  try {
    const command: Command = commands[name]
    const said = await command({ environment, prisma, engine, catalogue, accounts }, given, options)
    return typeof said === 'string' ? { json: { message: said }, text: said } : said
  } catch (error) {
    throw error instanceof ApiProblem ? new CommandError(wordsFor(error)) : error
  } finally {
    await Promise.allSettled([engine.close(), prisma.$disconnect()])
  }
}

function wordsFor({ code, options }: ApiProblem): string {
  const issues = options.issues?.map(({ message }) => message.en) ?? []
  return [problems[code].detail.en, ...issues].join('\n')
}
