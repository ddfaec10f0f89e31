import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** Uses an attribute of the person without checking that they have it. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'careless_access',
    title: { fr: 'Accès négligent', en: 'Careless access' },
    access: ({ attributes }) => (attributes.province as string).startsWith('K'),
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
