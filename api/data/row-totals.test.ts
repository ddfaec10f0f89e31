import { describe, expect, it } from 'vitest'
import { defineReport } from '#catalogue/define-report.ts'
import { sql, toQuery, type SqlFragment } from '#catalogue/sql.ts'
import { createQueryTurns } from './query-turns.ts'
import { createRowTotals } from './row-totals.ts'

const label = { fr: 'Libellé', en: 'Label' }
const loans = defineReport({
  key: 'loans',
  title: label,
  access: ['admin'],
  from: sql`loans loan`,
  columns: [
    { key: 'number', label, type: 'text', sql: sql`loan.number`, default: true },
    { key: 'fee', label, type: 'money', sql: sql`loan.fee`, total: 'sum' },
    { key: 'days', label, type: 'integer', sql: sql`loan.days`, total: 'average' },
  ],
  filters: [{ key: 'number', label, kind: 'contains', sql: sql`loan.number` }],
  orderBy: sql`loan.lent_at desc`,
  uniqueKey: sql`loan.id`,
})
const viewer = { id: 'a', role: 'admin' as const, attributes: {} }
const all = { filters: {}, viewer, timeZone: 'UTC' }
const some = { ...all, filters: { number: 'x' } }

type Answer = { fields: string[]; rows: (string | null)[][] }

/** A source that answers when the test lets it; it answers an EXPLAIN at once. */
function slowSource() {
  const asked: { text: string; answer: (row: (string | null)[]) => void; fail: (error: Error) => void }[] = []
  const rows = (query: SqlFragment): Promise<Answer> => {
    const { text } = toQuery(query)
    if (text.startsWith('explain')) {
      return Promise.resolve({ fields: [], rows: [['[{"Plan": {"Plan Rows": 4200, "Plans": []}}]']] })
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    asked.push({ text, answer: (row) => resolve({ fields: [], rows: [row] }), fail: reject })
    return promise
  }
  return { asked, rows }
}

function setup(timeoutMs: number) {
  const source = slowSource()
  let now = new Date('2026-11-22T08:00:00Z')
  const totals = createRowTotals({
    source,
    turns: createQueryTurns({ maxRunning: 2, maxRunningPerPerson: 2 }),
    counts: { maxRunning: 4, maxRunningPerPerson: 2 },
    timeoutMs,
    now: () => now,
  })
  return { source, totals, later: (ms: number) => (now = new Date(now.getTime() + ms)) }
}

describe('the count', () => {
  it('is exact when it comes in time; callers at the same time and soon after share one query', async () => {
    const { source, totals, later } = setup(60_000)
    const both = [totals.count(loans, all), totals.count(loans, all)]
    expect(source.asked).toHaveLength(1)
    source.asked[0]?.answer(['12'])
    expect(await Promise.all(both)).toEqual(Array.from({ length: 2 }, () => ({ rows: 12, exact: true })))
    expect(await totals.count(loans, all)).toEqual({ rows: 12, exact: true })
    expect(source.asked).toHaveLength(1)
    later(21_000)
    void totals.count(loans, all)
    expect(source.asked).toHaveLength(2)
  })

  it('is asked again for other filters and for another person’s rows', () => {
    const { source, totals } = setup(60_000)
    void totals.count(loans, all)
    void totals.count(loans, some)
    expect(source.asked.map(({ text }) => text)).toHaveLength(2)
  })

  it('is an estimate when it takes longer, and exact for callers after it has come', async () => {
    const { source, totals } = setup(1)
    expect(await totals.count(loans, some)).toEqual({ rows: 4200, exact: false })
    source.asked[0]?.answer(['3999'])
    expect(await totals.count(loans, some)).toEqual({ rows: 3999, exact: true })
  })

  it('is asked again after a failure', async () => {
    const { source, totals } = setup(60_000)
    const first = totals.count(loans, all)
    source.asked[0]?.fail(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    void totals.count(loans, all)
    expect(source.asked).toHaveLength(2)
  })

  it('is an estimate when four others run at once: the pages keep their connections', async () => {
    const { source, totals } = setup(60_000)
    for (const number of ['a', 'b', 'c', 'd'])
      void totals.count(loans, { ...all, viewer: { ...viewer, id: number }, filters: { number } })
    expect(await totals.count(loans, { ...all, filters: { number: 'e' } })).toEqual({
      rows: 4200,
      exact: false,
    })
    expect(source.asked).toHaveLength(4)
  })

  it('is an estimate when two others of the same person run', async () => {
    const { source, totals } = setup(60_000)
    for (const number of ['a', 'b']) void totals.count(loans, { ...all, filters: { number } })
    expect(await totals.count(loans, some)).toMatchObject({ exact: false })
    expect(source.asked).toHaveLength(2)
  })
})

describe('the totals', () => {
  it('cover the columns that have one, and count the rows', async () => {
    const { source, totals } = setup(60_000)
    const asked = totals.totals(loans, all)
    expect(source.asked[0]?.text).toBe(
      'select count(*) as total, sum((loan.fee)::numeric)::text as "fee", ' +
        'round(avg((loan.days)::numeric), 2)::text as "days"\nfrom loans loan',
    )
    source.asked[0]?.answer(['7', '12.50', null])
    expect(await asked).toEqual({ rows: 7, columns: { fee: '12.50', days: null } })
    // The next page does not count again.
    expect(await totals.count(loans, all)).toEqual({ rows: 7, exact: true })
    expect(source.asked).toHaveLength(1)
  })
})
