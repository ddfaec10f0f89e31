import type { ReportColumn, ReportFilter } from '#catalogue/define-report.ts'
import type { ReportToolkit } from '#catalogue/load-catalogue.ts'
import type { SqlFragment } from '#catalogue/sql.ts'
import type { ColumnType } from '#domain/report-type.ts'

/** What `wild_columns` has: what other people's databases have, and what depends on the session. */
export const wildTable = `
  create extension if not exists citext;
  create type mood as enum ('calm', 'Storm''y', 'é, à');
  create domain postcode as varchar(5);
  create domain fare as money;
  create table wild_columns (
    id int primary key,
    tstz timestamptz, ts timestamp, day date, clock time, span interval,
    whole bigint, amount numeric, ratio double precision, price money, fare fare,
    mood mood, ip inet, uid uuid, ok boolean, email citext, code postcode, blob bytea, doc json
  );
  create index on wild_columns (mood);
  create index on wild_columns (ip);`

/** Every type of a column, over a table of \`wildTable\`'s making. */
export default ({ defineReport, sql }: ReportToolkit) => {
  const column = (key: string, type: ColumnType, value: SqlFragment): ReportColumn => ({
    key,
    label: { fr: key, en: key },
    type,
    sql: value,
    default: true,
    ...(type === 'decimal' ? { scale: 2 } : {}),
  })
  const choice = (
    key: string,
    value: SqlFragment,
    valueType?: string,
    kind: 'one_of' | 'many_of' = 'many_of',
  ): ReportFilter => ({
    key,
    label: { fr: key, en: key },
    kind,
    sql: value,
    ...(valueType === undefined ? {} : { valueType }),
    options: 'distinct',
  })
  const label = { fr: 'x', en: 'x' }
  return defineReport({
    key: 'wild_columns',
    title: { fr: 'Colonnes sauvages', en: 'Wild columns' },
    access: ['admin'],
    from: sql`wild_columns t`,
    columns: [
      column('id', 'integer', sql`t.id`),
      column('tstz', 'timestamp', sql`t.tstz`),
      column('tstz_day', 'date', sql`t.tstz::date`),
      column('tstz_text', 'text', sql`to_char(t.tstz, 'YYYY-MM-DD HH24:MI:SS TZ')`),
      column('tstz_of_ts', 'timestamp', sql`t.ts::timestamptz`),
      column('ts', 'text', sql`t.ts`),
      column('day', 'date', sql`t.day`),
      column('clock', 'text', sql`t.clock`),
      column('span', 'text', sql`t.span`),
      column('whole', 'integer', sql`t.whole`),
      column('amount', 'decimal', sql`t.amount`),
      column('ratio', 'decimal', sql`t.ratio`),
      { ...column('price', 'money', sql`t.price`), total: 'sum' },
      column('fare', 'money', sql`t.fare`),
      column('mood', 'text', sql`t.mood`),
      column('ip', 'text', sql`t.ip`),
      column('ok', 'boolean', sql`t.ok`),
      column('email', 'text', sql`t.email`),
      column('blob', 'text', sql`t.blob`),
      column('doc', 'text', sql`t.doc`),
      { ...column('inverse', 'decimal', sql`1 / t.amount`), default: false },
      { ...column('as_integer', 'integer', sql`t.email::text::integer`), default: false },
      { ...column('power', 'decimal', sql`power(10::numeric, 200000)`), default: false },
      { ...column('as_json', 'text', sql`t.email::text::json`), default: false },
      { ...column('nul', 'text', sql`chr(t.id * 0)`), default: false },
      { ...column('deep', 'text', sql`repeat('[', 100000)::json`), default: false },
      { ...column('huge', 'text', sql`repeat('x', 1073741824)`), default: false },
    ],
    filters: [
      { key: 'day', label, kind: 'period', sql: sql`t.tstz::date`, valueType: 'date' },
      { key: 'tstz', label, kind: 'period', sql: sql`t.tstz`, valueType: 'timestamptz' },
      { key: 'ts', label, kind: 'period', sql: sql`t.ts`, valueType: 'timestamp' },
      { key: 'hour', label, kind: 'contains', sql: sql`to_char(t.tstz, 'HH24')` },
      { key: 'year', label, kind: 'number_range', sql: sql`extract(day from t.tstz)` },
      { key: 'noon', label, kind: 'boolean', sql: sql`t.tstz::time > '12:00'` },
      choice('tstz_day', sql`t.tstz::date`),
      choice('one_mood', sql`t.mood`, undefined, 'one_of'),
      choice('mood', sql`t.mood`),
      choice('mood_typed', sql`t.mood`, 'mood'),
      choice('ip', sql`t.ip`),
      choice('ip_typed', sql`t.ip`, 'inet'),
      choice('uid', sql`t.uid`),
      choice('uid_typed', sql`t.uid`, 'uuid'),
      choice('whole', sql`t.whole`),
      choice('amount', sql`t.amount`),
      choice('amount_typed', sql`t.amount`, 'numeric'),
      choice('date', sql`t.day`),
      choice('date_typed', sql`t.day`, 'date'),
      choice('ok', sql`t.ok`),
      choice('ok_typed', sql`t.ok`, 'boolean'),
      choice('email', sql`t.email`),
      choice('email_typed', sql`t.email`, 'citext'),
      choice('code', sql`t.code`),
      choice('price', sql`t.price`),
      choice('doc', sql`t.doc`),
    ],
    orderBy: sql`t.id`,
    uniqueKey: sql`t.id`,
  })
}
