import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'

const title = { fr: 'Textes longs', en: 'Long texts' }

/** A text of 921,600 characters in each row, which Excel's file holds in part. */
export default defineReport({
  key: 'long_texts',
  title,
  access: ['admin'],
  from: sql`bench_rows row`,
  columns: [
    { key: 'number', default: true, label: { fr: 'N°', en: 'No.' }, type: 'integer', sql: sql`row.n` },
    { key: 'text', default: true, label: title, type: 'text', sql: sql`repeat(md5(row.n::text), 28800)` },
  ],
  filters: [],
  orderBy: sql`row.n`,
  uniqueKey: sql`row.n`,
})
