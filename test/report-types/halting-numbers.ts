import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** 2,000,000 rows that flow, but not to their end within 20 s on any machine: each ten-thousandth waits for 0.1 s. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'halting_numbers',
    title: { fr: 'Nombres hésitants', en: 'Halting numbers' },
    access: ['admin'],
    from: sql`generate_series(1, 2000000) as number(value)`,
    columns: [
      {
        key: 'digest',
        label: { fr: 'Empreinte', en: 'Digest' },
        type: 'text',
        sql: sql`md5(number.value::text) || CASE WHEN number.value % 10000 = 0 THEN pg_sleep(0.1)::text ELSE '' END`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
