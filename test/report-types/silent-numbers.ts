import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** A narrow row every 100 ms for 40 s: PostgreSQL, which sends 8 KB at a time, sends nothing before the last. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'silent_numbers',
    title: { fr: 'Nombres discrets', en: 'Silent numbers' },
    access: ['admin'],
    from: sql`generate_series(1, 400) as number(value)`,
    columns: [
      {
        key: 'value',
        label: { fr: 'Nombre', en: 'Number' },
        type: 'integer',
        sql: sql`number.value + length(pg_sleep(0.1)::text)`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
