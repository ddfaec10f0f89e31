import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** A row every 10 ms, for half a minute: longer than a stopping worker's grace, and progress all the time. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'slow_numbers',
    title: { fr: 'Nombres lents', en: 'Slow numbers' },
    access: ['admin'],
    from: sql`generate_series(1, 3000) as number(value)`,
    columns: [
      {
        key: 'text',
        label: { fr: 'Texte', en: 'Text' },
        type: 'text',
        // Wide enough that PostgreSQL, which sends 8 KB at a time, sends some every tenth of a second.
        sql: sql`rpad(number.value::text, 800) || pg_sleep(0.01)::text`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
