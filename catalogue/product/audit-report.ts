/**
 * The audit trail as a report, so that it is exported and scheduled like any other. It reads one table of the product's
 * own database and no other: what people and things are called is in the trail itself, by the names of then.
 */

import { auditKinds, auditSubjects } from '#domain/audit-kinds.ts'
import {
  auditEmptyValue,
  auditFields,
  auditSubjectWords,
  auditValues,
  auditViaWords,
  auditYesNo,
} from '#domain/audit-words.ts'
import { locales, type Locale, type Localized } from '#domain/locale.ts'
import { defineProductReport, type FilterOption, type LocalizedSql } from '../define-report.ts'
import { joinSql, sql, type SqlFragment } from '../sql.ts'

const inEach = (write: (locale: Locale) => SqlFragment): LocalizedSql =>
  Object.fromEntries(locales.map((locale) => [locale, write(locale)])) as Record<Locale, SqlFragment>

const inOne = (words: Readonly<Record<string, Localized>>, locale: Locale): string =>
  JSON.stringify(Object.fromEntries(Object.entries(words).map(([code, word]) => [code, word[locale]])))

/** The words for a code; the code where it has none. The sub-select reads the words once, not once a row. */
const inWords = (code: SqlFragment, words: Readonly<Record<string, Localized>>): LocalizedSql =>
  inEach((locale) => sql`coalesce((select ${inOne(words, locale)}::jsonb) ->> ${code}, ${code})`)

/** As `role.admin`, so that one list holds the values of all fields. */
const valueWords = Object.fromEntries(
  Object.entries(auditValues).flatMap(([field, values]) =>
    Object.entries(values).map(([value, word]) => [`${field}.${value}`, word]),
  ),
)

/** A JSON scalar of a field, in words. */
const scalarInWords = (field: SqlFragment, value: SqlFragment, locale: Locale): SqlFragment => sql`
  case jsonb_typeof(${value})
    when 'boolean' then (select ${inOne(auditYesNo, locale)}::jsonb) ->> (${value} #>> '{}')
    when 'string' then coalesce(
      (select ${inOne(valueWords, locale)}::jsonb) ->> (${field} || '.' || (${value} #>> '{}')), nullif(${value} #>> '{}', ''))
    when 'number' then coalesce(
      (select ${inOne(valueWords, locale)}::jsonb) ->> (${field} || '.' || (${value} #>> '{}')), ${value} #>> '{}')
    when 'object' then nullif(${value}::text, '{}')
  end`

const valueInWords = (field: SqlFragment, value: SqlFragment, locale: Locale): SqlFragment => sql`
  coalesce(
    case when jsonb_typeof(${value}) = 'array' then (
      select string_agg(${scalarInWords(field, sql`item.value`, locale)}, ', ' order by item.position)
      from jsonb_array_elements(${value}) with ordinality as item (value, position))
    else ${scalarInWords(field, value, locale)} end,
    ${auditEmptyValue[locale]}::text)`

const fieldInWords = (field: SqlFragment, locale: Locale): SqlFragment =>
  sql`coalesce((select ${inOne(auditFields, locale)}::jsonb) ->> ${field}, ${field}) || ${locale === 'fr' ? ' : ' : ': '}::text`

/** « Heure : 08:00 → 09:30 · Destinataires : … » */
const changes = inEach((locale) => {
  const field = sql`(listed.change ->> 'field')`
  return sql`(
    select string_agg(${joinSql(
      [
        fieldInWords(field, locale),
        valueInWords(field, sql`(listed.change -> 'from')`, locale),
        sql`' → '`,
        valueInWords(field, sql`(listed.change -> 'to')`, locale),
      ],
      ' || ',
    )}, ' · ' order by listed.position)
    from jsonb_array_elements(entry.changes) with ordinality as listed (change, position))`
})

const details = inEach(
  (locale) => sql`(
    select string_agg(
      ${fieldInWords(sql`detail.key`, locale)} || ${valueInWords(sql`detail.key`, sql`detail.value`, locale)},
      ' · ' order by detail.key)
    from jsonb_each(entry.details) as detail)`,
)

const optionsOf = (words: Readonly<Record<string, Localized>>): FilterOption[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

/**
 * Everybody whom the trail names as acting, by the newest name. From one id to the next by the index: some probes a
 * person, where `distinct` would read the whole trail.
 */
const actors = sql`
  with recursive actor (id) as (
    select min(actor_id) from audit_event
    union all
    select (select min(later.actor_id) from audit_event later where later.actor_id > actor.id)
    from actor where actor.id is not null
  )
  select actor.id, (
    select newest.actor from audit_event newest where newest.actor_id = actor.id order by newest.at desc limit 1)
  from actor where actor.id is not null`

export const auditReport = defineProductReport({
  key: 'audit',
  title: { fr: 'Journal d’audit', en: 'Audit trail' },
  access: ['admin'],
  from: sql`audit_event entry`,
  columns: [
    {
      key: 'at',
      label: { fr: 'Date', en: 'Date' },
      type: 'timestamp',
      sql: sql`entry.at`,
      default: true,
    },
    {
      key: 'kind',
      label: { fr: 'Action', en: 'Action' },
      type: 'text',
      sql: inWords(sql`entry.kind`, auditKinds),
      default: true,
    },
    {
      key: 'actor',
      label: { fr: 'Par qui', en: 'By whom' },
      type: 'text',
      sql: sql`entry.actor`,
      default: true,
    },
    {
      key: 'via',
      label: { fr: 'Par quel moyen', en: 'By what means' },
      type: 'text',
      sql: inWords(sql`entry.via`, auditViaWords),
    },
    {
      key: 'api_key',
      label: { fr: 'Clé d’API', en: 'API key' },
      type: 'text',
      sql: sql`entry.key_name`,
      default: true,
    },
    {
      key: 'ip_address',
      label: { fr: 'Adresse réseau', en: 'Network address' },
      type: 'text',
      sql: sql`entry.ip_address`,
      default: true,
    },
    {
      key: 'subject_kind',
      label: { fr: 'Nature de l’objet', en: 'Kind of object' },
      type: 'text',
      sql: inWords(sql`entry.subject_type`, auditSubjectWords),
    },
    {
      key: 'subject',
      label: { fr: 'Objet', en: 'Object' },
      type: 'text',
      sql: sql`entry.subject`,
      default: true,
    },
    {
      key: 'changes',
      label: { fr: 'Modifications', en: 'Changes' },
      type: 'text',
      sql: changes,
      default: true,
    },
    {
      key: 'details',
      label: { fr: 'Détails', en: 'Details' },
      type: 'text',
      sql: details,
      default: true,
    },
    {
      key: 'request_id',
      label: { fr: 'N° de requête', en: 'Request id' },
      type: 'text',
      sql: sql`entry.request_id`,
      default: true,
    },
    // For programs: codes and ids stay where words and names change.
    {
      key: 'kind_code',
      label: { fr: 'Action (code)', en: 'Action (code)' },
      type: 'text',
      sql: sql`entry.kind`,
    },
    {
      key: 'actor_id',
      label: { fr: 'Par qui (identifiant)', en: 'By whom (id)' },
      type: 'text',
      sql: sql`entry.actor_id`,
    },
    {
      key: 'subject_id',
      label: { fr: 'Objet (identifiant)', en: 'Object (id)' },
      type: 'text',
      sql: sql`entry.subject_id`,
    },
  ],
  filters: [
    {
      key: 'period',
      label: { fr: 'Période', en: 'Period' },
      kind: 'period',
      sql: sql`entry.at`,
      valueType: 'timestamptz',
    },
    {
      key: 'kind',
      label: { fr: 'Actions', en: 'Actions' },
      kind: 'many_of',
      sql: sql`entry.kind`,
      options: optionsOf(auditKinds),
    },
    {
      key: 'actor',
      label: { fr: 'Par qui', en: 'By whom' },
      kind: 'many_of',
      sql: sql`entry.actor_id`,
      options: () => actors,
    },
    {
      key: 'subject_kind',
      label: { fr: 'Nature de l’objet', en: 'Kind of object' },
      kind: 'one_of',
      sql: sql`entry.subject_type`,
      options: auditSubjects.map((value) => ({ value, label: auditSubjectWords[value] })),
    },
    {
      key: 'subject',
      label: { fr: 'Objet (nom ou identifiant)', en: 'Object (name or id)' },
      kind: 'contains',
      sql: sql`concat_ws(' ', entry.subject, entry.subject_id)`,
    },
    {
      key: 'text',
      label: { fr: 'Personne, objet, clé ou adresse', en: 'Person, object, key or address' },
      kind: 'contains',
      sql: sql`concat_ws(E'\\n', entry.actor, entry.subject, entry.ip_address, entry.key_name)`,
    },
  ],
  orderBy: sql`entry.at desc, entry.id desc`,
  uniqueKey: sql`entry.id`,
})
