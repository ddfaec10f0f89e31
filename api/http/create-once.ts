/** `Idempotency-Key` on POSTs that create: a repeated request creates nothing and gets the first answer. */

import { createHash } from 'node:crypto'
import type { Prisma } from '#prisma/client/client.ts'
import { ApiProblem } from './api-problem.ts'
import { basePathOf } from './path-below.ts'
import type { ApiContext } from './api-env.ts'
import type { ApiDeps } from '../deps.ts'

const dayMs = 24 * 3_600_000

interface Creation {
  /** Inserts what is asked for, in the transaction that stores the key. @returns its id. */
  create(database: Prisma.TransactionClient): Promise<string>
  /** After the commit: starts what must start, and builds the answer, whose `location` is a path of the API. Idempotent. */
  answer(id: string): Promise<Answer>
}

interface Answer {
  body: object
  location: string
}

/**
 * Without a key: creates and answers, with `Location`. With one, the key's row is inserted in the transaction that creates: a
 * concurrent duplicate waits at the unique index, then finds the row; a creation that fails leaves no row. After a
 * crash between commit and answer the repeated request answers for the same id.
 */
export async function createOnce(context: ApiContext, deps: ApiDeps, creation: Creation): Promise<object> {
  const { body, location } = await answerOnce(context, deps, creation)
  context.header('location', basePathOf(deps.environment.PUBLIC_URL) + location)
  return body
}

async function answerOnce(context: ApiContext, deps: ApiDeps, creation: Creation): Promise<Answer> {
  const { prisma, environment } = deps
  const key = context.req.header('idempotency-key')
  if (key === undefined) {
    return creation.answer(await prisma.$transaction((transaction) => creation.create(transaction)))
  }

  const userId = context.get('person').id
  const fingerprint = await fingerprintOf(context)
  const created = await prisma.$transaction(
    async (transaction) => {
      // Retention may be a minute behind.
      const keptSince = new Date(deps.now().getTime() - environment.IDEMPOTENCY_RETENTION_DAYS * dayMs)
      await transaction.idempotentRequest.deleteMany({ where: { userId, createdAt: { lt: keptSince } } })
      const inserted = await transaction.$executeRaw`
        INSERT INTO idempotent_request (user_id, key, fingerprint, status, body)
        VALUES (${userId}, ${key}, ${fingerprint}, 0, '{}') ON CONFLICT DO NOTHING`
      if (inserted === 0) return null
      const id = await creation.create(transaction)
      await transaction.idempotentRequest.update({
        where: { userId_key: { userId, key } },
        data: { body: { id } },
      })
      return id
    },
    { maxWait: 10_000, timeout: 20_000 },
  )
  if (created !== null) return remember(await creation.answer(created))

  const known = await prisma.idempotentRequest.findUnique({ where: { userId_key: { userId, key } } })
  if (!known) throw new ApiProblem('request_in_progress')
  if (known.fingerprint !== fingerprint) throw new ApiProblem('idempotency_key_reused')
  const { id, answer } = known.body as unknown as { id: string; answer?: Answer }
  return known.status === 0 || !answer ? remember(await creation.answer(id)) : answer

  async function remember(answer: Answer): Promise<Answer> {
    await prisma.idempotentRequest.updateMany({
      where: { userId, key: key ?? '' },
      data: { status: 200, body: { answer: { ...answer } } },
    })
    return answer
  }
}

async function fingerprintOf({ req }: ApiContext): Promise<string> {
  const text = await req.text()
  const body: unknown = text === '' ? null : JSON.parse(text)
  return createHash('sha256')
    .update(`${req.method} ${req.path}\n${canonical(body)}`)
    .digest('hex')
}

/** JSON with sorted keys, so that the order of keys and the white space make no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    return Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
  })
}
