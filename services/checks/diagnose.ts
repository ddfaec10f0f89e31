/** Looks at every part of an installation and says of each what it finds. Changes nothing. */

import { CatalogueError, type Catalogue } from '#catalogue/load-catalogue.ts'
import { openCatalogue } from '#catalogue/live-catalogue.ts'
import { EnvironmentError, readEnvironment, type Environment } from '#config/environment.ts'
import { createPrisma, type PrismaClient } from '#prisma/client.ts'
import { activeDemoAccounts } from '../maintenance/refuse-demo-accounts.ts'
import { checkDatabase } from './check-database.ts'
import { checkIdentityProvider } from './check-identity-provider.ts'
import { checkMail } from './check-mail.ts'
import { checkPublicUrl } from './check-public-url.ts'
import { checkSource } from './check-source.ts'
import { checkStorage } from './check-storage.ts'
import { checkTemporal } from './check-temporal.ts'
import { checkedParts, findingsOf, wordsOf, type CheckedPart, type Finding } from './finding.ts'

/** A part that says nothing is away; connecting to a mail server may take longest. */
const timeoutMs = 20_000

/**
 * Parts are looked at side by side. A faulty configuration is all that is said then: nothing else could be looked at.
 * @returns at least one finding a part that there is, in the order of `checkedParts`.
 */
export async function diagnose(variables: NodeJS.ProcessEnv): Promise<Finding[]> {
  let environment: Environment
  try {
    environment = readEnvironment(variables)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return faultyVariables(error)
  }
  const { findings: types, catalogue } = await checkReportTypes(environment)
  const found = await Promise.all([
    bounded('database', async () => {
      const database = await checkDatabase(environment)
      const isUsable = database.every(({ state }) => state !== 'fault')
      return [...database, ...(await bounded('temporal', () => behindDatabase(environment, isUsable)))]
    }),
    bounded('storage', () => checkStorage(environment)),
    bounded('mail', () => checkMail(environment)),
    bounded('source', () => checkSource(environment, catalogue)),
    bounded('public_url', () => checkPublicUrl(environment)),
    bounded('identity_provider', () => checkIdentityProvider(environment)),
  ])
  const read = findingsOf('configuration').ok(`NODE_ENV=${environment.NODE_ENV}, every variable can be read`)
  const place = ({ part }: Finding) => checkedParts.indexOf(part)
  return [read, ...types, ...found.flat()].sort((one, other) => place(one) - place(other))
}

/** What is looked at with the database's help. */
async function behindDatabase(environment: Environment, isDatabaseUsable: boolean): Promise<Finding[]> {
  if (!isDatabaseUsable) return await checkTemporal(environment, null)
  const prisma = createPrisma(environment.DATABASE_URL)
  try {
    return [...(await checkAccounts(environment, prisma)), ...(await checkTemporal(environment, prisma))]
  } finally {
    await prisma.$disconnect()
  }
}

async function checkAccounts({ NODE_ENV }: Environment, prisma: PrismaClient): Promise<Finding[]> {
  const accounts = NODE_ENV === 'production' ? await activeDemoAccounts(prisma) : []
  if (accounts.length === 0) return []
  return [
    findingsOf('database').fault(
      'demo_accounts',
      `Demo accounts, whose password everybody knows, are active: ${accounts.join(', ')}`,
      'Make an administrator of your own (create-admin EMAIL), then run deactivate-demo-accounts: nothing starts before',
    ),
  ]
}

/** A line of the message for each variable, as `  NAME: what is wrong`. */
function faultyVariables({ message }: EnvironmentError): Finding[] {
  const lines = message.split('\n').filter((line) => line.startsWith('  '))
  return lines.map((line) =>
    findingsOf('configuration').fault(
      'variable_wrong',
      line.trim(),
      'Correct the variable: .env.example describes each',
    ),
  )
}

async function checkReportTypes(
  environment: Environment,
): Promise<{ findings: Finding[]; catalogue: Catalogue | null }> {
  const { ok, fault } = findingsOf('report_types')
  const { REPORTS_DIR: folder } = environment
  try {
    const catalogue = await openCatalogue(environment)
    const from = folder === undefined ? '' : `, those of ${folder} at version ${catalogue.files.version}`
    return { findings: [ok(`${catalogue.all().length} can be used${from}`)], catalogue }
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error
    const isFolder = error.message.startsWith('REPORTS_DIR:')
    const finding = isFolder
      ? fault(
          'reports_dir',
          error.message,
          'Mount the folder, or correct REPORTS_DIR: nothing starts without it',
        )
      : fault(
          'type_faulty',
          error.message,
          'Correct the file: nothing starts, and a reload keeps the old types',
        )
    return { findings: [finding], catalogue: null }
  }
}

/** Never rejects: what is not foreseen is a fault of the part, in its own words. */
async function bounded(part: CheckedPart, check: () => Promise<Finding[]>): Promise<Finding[]> {
  const { fault } = findingsOf(part)
  const remedy = 'Look at the part’s own log, and whether a firewall drops what goes to it'
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<Finding[]>((resolve) => {
    const late = fault(`${part}_silent`, `No answer within ${timeoutMs / 1000} s`, remedy)
    timer = setTimeout(() => resolve([late]), timeoutMs)
  })
  try {
    return await Promise.race([check(), tooLong])
  } catch (error) {
    return [fault(`${part}_failed`, wordsOf(error), remedy)]
  } finally {
    clearTimeout(timer)
  }
}
