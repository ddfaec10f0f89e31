import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'
import { byProvince } from '../demo-scopes.ts'

/** Pupils enrolled in the school-feeding programme. */
export default defineReport({
  key: 'pupils',
  title: { fr: 'Élèves', en: 'Pupils' },
  access: ['admin', 'user'],
  // The pupils of the schools in the person's province.
  scopeBy: byProvince,
  from: sql`
    pupils pupil
    left join schools school on school.id = pupil.school_id
    left join provinces province on province.id = school.province_id
    left join guardians guardian on guardian.id = pupil.guardian_id`,
  columns: [
    {
      key: 'registration_number',
      label: { fr: 'Matricule', en: 'Registration no.' },
      type: 'text',
      sql: sql`pupil.registration_number`,
      default: true,
    },
    {
      key: 'last_name',
      label: { fr: 'Nom', en: 'Last name' },
      type: 'text',
      sql: sql`pupil.last_name`,
      default: true,
    },
    {
      key: 'first_name',
      label: { fr: 'Prénom', en: 'First name' },
      type: 'text',
      sql: sql`pupil.first_name`,
      default: true,
    },
    { key: 'sex', label: { fr: 'Sexe', en: 'Sex' }, type: 'text', sql: sql`pupil.sex`, default: true },
    {
      key: 'birth_date',
      label: { fr: 'Date de naissance', en: 'Date of birth' },
      type: 'date',
      sql: sql`pupil.birth_date`,
      default: true,
    },
    {
      key: 'grade',
      label: { fr: 'Classe', en: 'Grade' },
      type: 'text',
      sql: sql`pupil.grade`,
      default: true,
    },
    {
      key: 'school_code',
      label: { fr: 'Code de l’école', en: 'School code' },
      type: 'text',
      sql: sql`school.code`,
    },
    {
      key: 'school',
      label: { fr: 'École', en: 'School' },
      type: 'text',
      sql: sql`school.name`,
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
      key: 'guardian',
      label: { fr: 'Responsable', en: 'Guardian' },
      type: 'text',
      sql: sql`guardian.full_name`,
      default: true,
    },
    {
      key: 'guardian_phone',
      label: { fr: 'Téléphone du responsable', en: 'Guardian’s phone' },
      type: 'text',
      sql: sql`guardian.phone`,
      default: true,
    },
    {
      key: 'registered_at',
      label: { fr: 'Inscrit le', en: 'Registered at' },
      type: 'timestamp',
      sql: sql`pupil.registered_at`,
      default: true,
    },
    {
      key: 'allergic',
      label: { fr: 'Allergie alimentaire', en: 'Food allergy' },
      type: 'boolean',
      sql: sql`pupil.allergic`,
    },
    {
      key: 'weight_kg',
      label: { fr: 'Poids (kg)', en: 'Weight (kg)' },
      type: 'decimal',
      scale: 1,
      total: 'average',
      sql: sql`pupil.weight_kg`,
    },
    {
      key: 'attendance_rate',
      label: { fr: 'Assiduité (%)', en: 'Attendance (%)' },
      type: 'decimal',
      scale: 2,
      total: 'average',
      sql: sql`pupil.attendance_rate`,
    },
    { key: 'note', label: { fr: 'Remarque', en: 'Note' }, type: 'text', sql: sql`pupil.note` },
  ],
  filters: [
    {
      key: 'period',
      label: { fr: 'Période d’inscription', en: 'Registration period' },
      kind: 'period',
      sql: sql`pupil.registered_at`,
      valueType: 'timestamptz',
    },
    {
      key: 'birth_date',
      label: { fr: 'Période de naissance', en: 'Period of birth' },
      kind: 'period',
      sql: sql`pupil.birth_date`,
      valueType: 'date',
    },
    {
      key: 'province',
      label: { fr: 'Province', en: 'Province' },
      kind: 'one_of',
      sql: sql`province.name`,
      options: (_viewer, scope) => sql`select name, name from provinces province where ${scope}`,
    },
    {
      key: 'school',
      label: { fr: 'Écoles', en: 'Schools' },
      kind: 'many_of',
      sql: sql`school.code`,
      options: (_viewer, scope) => sql`
        select school.code, school.name
        from schools school join provinces province on province.id = school.province_id
        where ${scope}`,
    },
    {
      key: 'grade',
      label: { fr: 'Classes', en: 'Grades' },
      kind: 'many_of',
      sql: sql`pupil.grade`,
      options: ['1re', '2e', '3e', '4e', '5e', '6e'].map((grade, index) => ({
        value: `${grade} primaire`,
        label: { fr: `${grade} primaire`, en: `Grade ${index + 1}` },
      })),
    },
    {
      key: 'sex',
      label: { fr: 'Sexe', en: 'Sex' },
      kind: 'one_of',
      sql: sql`pupil.sex`,
      options: [
        { value: 'F', label: { fr: 'Fille', en: 'Girl' } },
        { value: 'M', label: { fr: 'Garçon', en: 'Boy' } },
      ],
    },
    {
      key: 'name',
      label: { fr: 'Nom ou prénom', en: 'First or last name' },
      kind: 'contains',
      sql: sql`pupil.first_name || ' ' || pupil.last_name`,
    },
    {
      key: 'attendance_rate',
      label: { fr: 'Assiduité (%)', en: 'Attendance (%)' },
      kind: 'number_range',
      sql: sql`pupil.attendance_rate`,
    },
    {
      key: 'allergic',
      label: { fr: 'Allergie alimentaire', en: 'Food allergy' },
      kind: 'boolean',
      sql: sql`pupil.allergic`,
    },
  ],
  orderBy: sql`pupil.registered_at desc, pupil.id desc`,
  uniqueKey: sql`pupil.id`,
})
