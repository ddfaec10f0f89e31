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

/** Among equals the newer report comes first. */
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
      // Reports without a file come last in both directions.
      return await inOrder({ fileAvailableAt: { sort: direction, nulls: 'last' } }, newestFirst)
  }
}

/**
 * In the language's order, whatever the database's collation is (in "C", « Écoles » comes after everything). One
 * person's reports have few titles: these are sorted here, and the page is read from the rows of those it falls on.
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
