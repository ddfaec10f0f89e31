import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** Shows the environment of the process that loaded it. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'peeping',
    title: { fr: 'Curieux', en: 'Peeping' },
    access: ['admin'],
    from: sql`generate_series(1, 1) as number(value)`,
    columns: [
      {
        key: 'seen',
        label: { fr: 'Vu', en: 'Seen' },
        type: 'text',
        sql: sql`${JSON.stringify(process.env)}::text`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
