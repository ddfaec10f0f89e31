import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** A table that the source database does not have. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'refused',
    title: { fr: 'Refusé', en: 'Refused' },
    access: ['admin'],
    from: sql`no_such_table thing`,
    columns: [
      { key: 'name', label: { fr: 'Nom', en: 'Name' }, type: 'text', sql: sql`thing.name`, default: true },
    ],
    filters: [],
    orderBy: sql`thing.name`,
    uniqueKey: sql`thing.name`,
  })
