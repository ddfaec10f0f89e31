import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** Its one row holds a text of 250 MB, which no writer can send on in pieces. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'wide_rows',
    title: { fr: 'Lignes énormes', en: 'Huge rows' },
    access: ['admin'],
    from: sql`generate_series(1, 1) as number(value)`,
    columns: [
      {
        key: 'text',
        label: { fr: 'Texte', en: 'Text' },
        type: 'text',
        sql: sql`repeat(number.value::text, 250000000)`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
