import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** The values of its attribute take four seconds to read. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'drowsy_scope',
    title: { fr: 'Périmètre lent', en: 'Drowsy scope' },
    access: ['admin'],
    scopeBy: {
      attribute: 'bed',
      label: { fr: 'Lit', en: 'Bed' },
      sql: sql`bed.name`,
      values: sql`select 'a' || pg_sleep(4)::text as nap`,
    },
    from: sql`(values ('a')) as bed (name)`,
    columns: [
      { key: 'name', label: { fr: 'Nom', en: 'Name' }, type: 'text', sql: sql`bed.name`, default: true },
    ],
    filters: [],
    orderBy: sql`bed.name`,
    uniqueKey: sql`bed.name`,
  })
