/** One page of reports in the order asked for. */

import type { Locale } from '#domain/locale.ts'
import type { ReportSort } from '#domain/report-sort.ts'
import type { Prisma, PrismaClient } from '#prisma/client/client.ts'
import { withoutLog, type ListedReport } from './report-json.ts'

interface Slice {
  skip: number
  take: number
}

const newestFirst = { number: 'desc' } as const

/** Of two that are equal the newer report comes first. */
export async function sortedReports(
  prisma: PrismaClient,
  where: Prisma.ReportWhereInput,
  { sort, locale, ...slice }: Slice & { sort: ReportSort; locale: Locale },
): Promise<ListedReport[]> {
  const direction = sort.startsWith('-') ? 'desc' : 'asc'
  const inOrder = (...orderBy: Prisma.ReportOrderByWithRelationInput[]) =>
    prisma.report.findMany({ where, orderBy, ...slice, omit: withoutLog })
  switch (sort) {
    case 'number':
    case '-number':
      return await inOrder({ number: direction })
    case 'title':
    case '-title':
      return await byTitle(prisma, where, slice, direction, locale)
    case 'status':
    case '-status':
      return await inOrder({ status: direction }, newestFirst)
    case 'requested_at':
    case '-requested_at':
      return await inOrder({ requestedAt: direction }, newestFirst)
    case 'file_available_at':
    case '-file_available_at':
      // A report without a file is neither early nor late.
      return await inOrder({ fileAvailableAt: { sort: direction, nulls: 'last' } }, newestFirst)
  }
}

/**
 * As the language orders words, whatever collation the database was made with (in "C", « Écoles » comes after
 * everything). The titles of one person's reports are few: each is a run of rows, and the page lies in some of them.
 */
async function byTitle(
  prisma: PrismaClient,
  where: Prisma.ReportWhereInput,
  { skip, take }: Slice,
  direction: 'asc' | 'desc',
  locale: Locale,
): Promise<ListedReport[]> {
  const titles = await prisma.report.groupBy({ by: ['title'], where, _count: { _all: true } })
  const { compare } = new Intl.Collator(locale, { numeric: true })
  titles.sort((left, right) => compare(left.title, right.title) * (direction === 'asc' ? 1 : -1))
  const parts: Promise<ListedReport[]>[] = []
  let before = 0
  for (const { title, _count } of titles) {
    const from = Math.max(skip - before, 0)
    const upTo = Math.min(skip + take - before, _count._all)
    if (from < upTo) {
      const orderBy = newestFirst
      const of = { AND: [where, { title }] }
      parts.push(
        prisma.report.findMany({ where: of, orderBy, skip: from, take: upTo - from, omit: withoutLog }),
      )
    }
    before += _count._all
  }
  return (await Promise.all(parts)).flat()
}
