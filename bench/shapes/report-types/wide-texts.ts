import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'

const columnCount = 40
const title = { fr: 'Textes nombreux', en: 'Many texts' }

/** 40 texts of 25,600 characters in a row. */
export default defineReport({
  key: 'wide_texts',
  title,
  access: ['admin'],
  from: sql`bench_rows row`,
  columns: Array.from({ length: columnCount }, (_, index) => ({
    key: `text_${index + 1}`,
    label: title,
    type: 'text' as const,
    default: true,
    sql: sql`repeat(md5(row.n::text), 800)`,
  })),
  filters: [],
  orderBy: sql`row.n`,
  uniqueKey: sql`row.n`,
})
