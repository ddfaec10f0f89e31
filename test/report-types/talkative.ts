import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** An organisation's own code that writes to the console. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'talkative',
    title: { fr: 'Bavard', en: 'Talkative' },
    access: ['admin'],
    scopeBy: () => {
      console.log('a scope is asked for')
      console.error('there is none: ask elise@ville.test')
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
