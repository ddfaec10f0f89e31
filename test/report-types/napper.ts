import type { ReportToolkit } from '#catalogue/load-catalogue.ts'

/** One row after four seconds, whatever is asked: a page, its count, its totals, the options of its filter. */
export default ({ defineReport, sql }: ReportToolkit) =>
  defineReport({
    key: 'napper',
    title: { fr: 'Sieste', en: 'Nap' },
    access: ['admin', 'user'],
    from: sql`(select pg_sleep(4)::text || 'nap' as word, 1 as value) as nap`,
    columns: [
      { key: 'word', label: { fr: 'Mot', en: 'Word' }, type: 'text', sql: sql`nap.word`, default: true },
      {
        key: 'value',
        label: { fr: 'Valeur', en: 'Value' },
        type: 'integer',
        total: 'sum',
        sql: sql`nap.value`,
      },
    ],
    filters: [
      {
        key: 'value',
        label: { fr: 'Valeur', en: 'Value' },
        kind: 'number_range',
        sql: sql`nap.value`,
      },
      {
        key: 'word',
        label: { fr: 'Mot', en: 'Word' },
        kind: 'one_of',
        sql: sql`nap.word`,
        options: 'distinct',
      },
    ],
    orderBy: sql`nap.word`,
    uniqueKey: sql`nap.word`,
  })
