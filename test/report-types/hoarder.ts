import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** An organisation's own code that keeps all it allocates, and never yields to other work. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'hoarder',
    title: { fr: 'Accapareur', en: 'Hoarder' },
    access: ['admin'],
    scopeBy: () => {
      const hoard: object[] = []
      for (;;) hoard.push({ coin: hoard.length })
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
