import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** An organisation's own code that ends whatever process it runs in. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'poison',
    title: { fr: 'Poison', en: 'Poison' },
    access: ['admin'],
    scopeBy: () => {
      process.kill(process.pid, 'SIGKILL')
      return undefined
    },
    from: sql`generate_series(1, 1) as number(value)`,
    columns: [
      {
        key: 'value',
        label: { fr: 'Nombre', en: 'Number' },
        type: 'integer',
        sql: sql`number.value`,
        default: true,
      },
    ],
    filters: [],
    orderBy: sql`number.value`,
    uniqueKey: sql`number.value`,
  })
