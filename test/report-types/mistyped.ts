import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'

const same = (text: string) => ({ fr: text, en: text })

/** A date column whose query yields texts, of which some are no dates. */
export default defineReport({
  key: 'mistyped',
  title: same('Mistyped'),
  access: ['admin', 'user'],
  from: sql`(values (1, '2023-02-28'), (2, '2023-02-31'), (3, 'bientôt'), (4, null)) as row (n, day)`,
  columns: [
    { key: 'n', label: same('N'), type: 'integer', sql: sql`row.n`, default: true },
    {
      key: 'day',
      label: { fr: 'Date de remise', en: 'Handed over' },
      type: 'date',
      sql: sql`row.day`,
      default: true,
    },
  ],
  filters: [],
  orderBy: sql`row.n`,
  uniqueKey: sql`row.n`,
})
