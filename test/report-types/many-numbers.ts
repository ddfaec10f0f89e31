import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** Long enough to be interrupted: 2,000,000 rows. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'many_numbers',
    title: { fr: 'Beaucoup de nombres', en: 'Many numbers' },
    access: ['admin'],
    from: sql`generate_series(1, 2000000) as number(value)`,
    columns: [
      {
        key: 'value',
        label: { fr: 'Nombre', en: 'Number' },
        type: 'integer',
        sql: sql`number.value`,
        default: true,
      },
      {
        key: 'digest',
        label: { fr: 'Empreinte', en: 'Digest' },
        type: 'text',
        sql: sql`md5(number.value::text)`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
