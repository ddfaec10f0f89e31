import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** Sleeps for an hour before its one row. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'sleeper',
    title: { fr: 'Dormeur', en: 'Sleeper' },
    access: ['admin'],
    from: sql`(select pg_sleep(3600)::text as word) as dream`,
    columns: [
      { key: 'word', label: { fr: 'Mot', en: 'Word' }, type: 'text', sql: sql`dream.word`, default: true },
    ],
    filters: [],
    orderBy: sql`dream.word`,
    uniqueKey: sql`dream.word`,
  })
