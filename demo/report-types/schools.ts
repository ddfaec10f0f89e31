import { defineReport } from '#catalogue/define-report.ts'
import { foldedSql } from '#catalogue/folded-text.ts'
import { sql } from '#catalogue/sql.ts'
import { byProvince } from '../demo-scopes.ts'

/** Schools of the school-feeding programme. */
export default defineReport({
  key: 'schools',
  title: { fr: 'Écoles', en: 'Schools' },
  access: ['admin', 'user'],
  scopeBy: byProvince,
  from: sql`
    schools school
    left join provinces province on province.id = school.province_id`,
  columns: [
    {
      key: 'code',
      label: { fr: 'Code de l’école', en: 'School code' },
      type: 'text',
      sql: sql`school.code`,
      default: true,
    },
    { key: 'name', label: { fr: 'École', en: 'School' }, type: 'text', sql: sql`school.name`, default: true },
    {
      key: 'province',
      label: { fr: 'Province', en: 'Province' },
      type: 'text',
      sql: sql`province.name`,
      default: true,
    },
    {
      key: 'territory',
      label: { fr: 'Territoire', en: 'Territory' },
      type: 'text',
      sql: sql`school.territory`,
      default: true,
    },
    {
      key: 'kind',
      label: { fr: 'Régime de gestion', en: 'Management' },
      type: 'text',
      sql: sql`school.kind`,
      default: true,
    },
    {
      key: 'head_teacher',
      label: { fr: 'Direction', en: 'Head teacher' },
      type: 'text',
      sql: sql`school.head_teacher`,
    },
    { key: 'phone', label: { fr: 'Téléphone', en: 'Phone' }, type: 'text', sql: sql`school.phone` },
    {
      key: 'opened_on',
      label: { fr: 'Fondée le', en: 'Founded on' },
      type: 'date',
      sql: sql`school.opened_on`,
    },
    {
      key: 'registered_at',
      label: { fr: 'Inscrite le', en: 'Registered at' },
      type: 'timestamp',
      sql: sql`school.registered_at`,
      default: true,
    },
    {
      key: 'canteen',
      label: { fr: 'Cantine', en: 'Canteen' },
      type: 'boolean',
      sql: sql`school.canteen`,
      default: true,
    },
    {
      key: 'distance_km',
      label: { fr: 'Distance du dépôt (km)', en: 'Distance from the depot (km)' },
      type: 'decimal',
      scale: 1,
      total: 'average',
      sql: sql`school.distance_km`,
    },
    // Counted for the rows that are shown, and only when the column is chosen.
    {
      key: 'pupil_count',
      label: { fr: 'Élèves inscrits', en: 'Pupils' },
      type: 'integer',
      total: 'sum',
      sql: sql`(select count(*) from pupils pupil where pupil.school_id = school.id)`,
      default: true,
    },
    {
      key: 'meals_served',
      label: { fr: 'Repas servis', en: 'Meals served' },
      type: 'integer',
      total: 'sum',
      sql: sql`(select coalesce(sum(meal.meals_served), 0) from meal_attendance meal where meal.school_id = school.id)`,
    },
    {
      key: 'last_meal_on',
      label: { fr: 'Dernier repas le', en: 'Last meal on' },
      type: 'date',
      sql: sql`(select max(meal.served_on) from meal_attendance meal where meal.school_id = school.id)`,
    },
    { key: 'note', label: { fr: 'Remarque', en: 'Note' }, type: 'text', sql: sql`school.note` },
  ],
  filters: [
    {
      key: 'period',
      label: { fr: 'Période d’inscription', en: 'Registration period' },
      kind: 'period',
      sql: sql`school.registered_at`,
      valueType: 'timestamptz',
    },
    {
      key: 'opened_on',
      label: { fr: 'Période de fondation', en: 'Founding period' },
      kind: 'period',
      sql: sql`school.opened_on`,
      valueType: 'date',
    },
    {
      key: 'province',
      label: { fr: 'Province', en: 'Province' },
      kind: 'one_of',
      sql: sql`province.name`,
      options: 'distinct',
    },
    {
      key: 'kind',
      label: { fr: 'Régime de gestion', en: 'Management' },
      kind: 'many_of',
      sql: sql`school.kind`,
      options: 'distinct',
    },
    { key: 'name', label: { fr: 'École', en: 'School' }, kind: 'contains', sql: sql`school.name` },
    {
      key: 'distance_km',
      label: { fr: 'Distance du dépôt (km)', en: 'Distance from the depot (km)' },
      kind: 'number_range',
      sql: sql`school.distance_km`,
    },
    { key: 'canteen', label: { fr: 'Cantine', en: 'Canteen' }, kind: 'boolean', sql: sql`school.canteen` },
  ],
  orderBy: sql`${foldedSql(sql`province.name`)}, ${foldedSql(sql`school.name`)}, school.code`,
  uniqueKey: sql`school.id`,
})
