import type { ReportToolkit } from '#reports/catalogue.ts'

/** A row every 10 ms, for 16 s: longer than a stopping worker's grace, and progress all the time. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'slow_numbers',
    title: { fr: 'Nombres lents', en: 'Slow numbers' },
    access: ['admin'],
    from: sql`generate_series(1, 1600) as number(value)`,
    columns: [
      {
        key: 'value',
        label: { fr: 'Nombre', en: 'Number' },
        type: 'integer',
        sql: sql`number.value + length(pg_sleep(0.01)::text)`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
