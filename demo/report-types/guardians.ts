import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'
import { byProvince } from '../demo-scopes.ts'

/** People responsible for the pupils, and what they contribute to the canteen. */
export default defineReport({
  key: 'guardians',
  title: { fr: 'Responsables', en: 'Guardians' },
  access: ['admin', 'user'],
  // The guardians who live in the person's province.
  scopeBy: byProvince,
  from: sql`
    guardians guardian
    left join provinces province on province.id = guardian.province_id`,
  columns: [
    {
      key: 'full_name',
      label: { fr: 'Nom complet', en: 'Full name' },
      type: 'text',
      sql: sql`guardian.full_name`,
      default: true,
    },
    {
      key: 'relation',
      label: { fr: 'Lien', en: 'Relation' },
      type: 'text',
      sql: sql`guardian.relation`,
      default: true,
    },
    {
      key: 'phone',
      label: { fr: 'Téléphone', en: 'Phone' },
      type: 'text',
      sql: sql`guardian.phone`,
      default: true,
    },
    {
      key: 'birth_date',
      label: { fr: 'Date de naissance', en: 'Date of birth' },
      type: 'date',
      sql: sql`guardian.birth_date`,
    },
    {
      key: 'village',
      label: { fr: 'Village ou quartier', en: 'Village' },
      type: 'text',
      sql: sql`guardian.village`,
      default: true,
    },
    {
      key: 'province',
      label: { fr: 'Province', en: 'Province' },
      type: 'text',
      sql: sql`province.name`,
      default: true,
    },
    {
      key: 'pupil_count',
      label: { fr: 'Enfants inscrits', en: 'Children enrolled' },
      type: 'integer',
      total: 'sum',
      sql: sql`(select count(*) from pupils pupil where pupil.guardian_id = guardian.id)`,
      default: true,
    },
    {
      key: 'monthly_contribution',
      label: { fr: 'Contribution mensuelle (FC)', en: 'Monthly contribution (CDF)' },
      type: 'money',
      total: 'sum',
      sql: sql`guardian.monthly_contribution`,
      default: true,
    },
    {
      key: 'mobile_money',
      label: { fr: 'Paiement mobile', en: 'Mobile money' },
      type: 'boolean',
      sql: sql`guardian.mobile_money`,
      default: true,
    },
    {
      key: 'registered_at',
      label: { fr: 'Inscrit le', en: 'Registered at' },
      type: 'timestamp',
      sql: sql`guardian.registered_at`,
      default: true,
    },
    { key: 'note', label: { fr: 'Remarque', en: 'Note' }, type: 'text', sql: sql`guardian.note` },
  ],
  filters: [
    {
      key: 'period',
      label: { fr: 'Période d’inscription', en: 'Registration period' },
      kind: 'period',
      sql: sql`guardian.registered_at`,
      valueType: 'timestamptz',
    },
    {
      key: 'birth_date',
      label: { fr: 'Période de naissance', en: 'Period of birth' },
      kind: 'period',
      sql: sql`guardian.birth_date`,
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
      key: 'relation',
      label: { fr: 'Lien', en: 'Relation' },
      kind: 'many_of',
      sql: sql`guardian.relation`,
      options: 'distinct',
    },
    { key: 'name', label: { fr: 'Nom', en: 'Name' }, kind: 'contains', sql: sql`guardian.full_name` },
    { key: 'phone', label: { fr: 'Téléphone', en: 'Phone' }, kind: 'contains', sql: sql`guardian.phone` },
    {
      key: 'pupil_count',
      label: { fr: 'Enfants inscrits', en: 'Children enrolled' },
      kind: 'number_range',
      sql: sql`(select count(*) from pupils pupil where pupil.guardian_id = guardian.id)`,
    },
    {
      key: 'mobile_money',
      label: { fr: 'Paiement mobile', en: 'Mobile money' },
      kind: 'boolean',
      sql: sql`guardian.mobile_money`,
    },
  ],
  orderBy: sql`guardian.registered_at desc, guardian.id desc`,
  uniqueKey: sql`guardian.id`,
})
