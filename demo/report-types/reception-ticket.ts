import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'
import { bySite } from '../demo-scopes.ts'

/** What people bring to the recycling centre: one row a weighing. The table that grows to millions. */
export default defineReport({
  key: 'reception_ticket',
  title: { fr: 'Tickets de réception', en: 'Reception tickets' },
  access: ['admin', 'user'],
  scopeBy: bySite,
  from: sql`
    reception_tickets ticket
    left join sites site on site.id = ticket.site_id
    left join operators volunteer on volunteer.id = ticket.volunteer_id
    left join categories category on category.id = ticket.category_id
    left join destinations destination on destination.id = ticket.destination_id`,
  columns: [
    {
      key: 'number',
      label: { fr: 'N° de ticket', en: 'Ticket no.' },
      type: 'text',
      sql: sql`ticket.number`,
      default: true,
    },
    {
      key: 'received_at',
      label: { fr: 'Reçu le', en: 'Received at' },
      type: 'timestamp',
      sql: sql`ticket.received_at`,
      default: true,
    },
    { key: 'site', label: { fr: 'Site', en: 'Site' }, type: 'text', sql: sql`site.name`, default: true },
    { key: 'city', label: { fr: 'Ville', en: 'City' }, type: 'text', sql: sql`site.city` },
    {
      key: 'category',
      label: { fr: 'Catégorie', en: 'Category' },
      type: 'text',
      sql: sql`category.name`,
      default: true,
    },
    {
      key: 'weight_kg',
      label: { fr: 'Poids (kg)', en: 'Weight (kg)' },
      type: 'decimal',
      scale: 3,
      total: 'sum',
      sql: sql`ticket.weight_kg`,
      default: true,
    },
    {
      key: 'item_count',
      label: { fr: 'Nombre d’objets', en: 'Items' },
      type: 'integer',
      total: 'sum',
      sql: sql`ticket.item_count`,
      default: true,
    },
    {
      key: 'destination',
      label: { fr: 'Destination', en: 'Destination' },
      type: 'text',
      sql: sql`destination.name`,
      default: true,
    },
    {
      key: 'volunteer',
      label: { fr: 'Réceptionné par', en: 'Received by' },
      type: 'text',
      sql: sql`volunteer.full_name`,
      default: true,
    },
    {
      key: 'volunteer_kind',
      label: { fr: 'Qualité', en: 'Capacity' },
      type: 'text',
      sql: sql`volunteer.kind`,
    },
    {
      key: 'donor_kind',
      label: { fr: 'Apporteur', en: 'Donor' },
      type: 'text',
      sql: sql`ticket.donor_kind`,
      default: true,
    },
    {
      key: 'donor_postcode',
      label: { fr: 'Code postal', en: 'Postcode' },
      type: 'text',
      sql: sql`ticket.donor_postcode`,
      default: true,
    },
    { key: 'barcode', label: { fr: 'Code-barres', en: 'Barcode' }, type: 'text', sql: sql`ticket.barcode` },
    {
      key: 'estimated_value',
      label: { fr: 'Valeur estimée (€)', en: 'Estimated value (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`ticket.estimated_value`,
      default: true,
    },
    {
      key: 'hazardous',
      label: { fr: 'Déchet dangereux', en: 'Hazardous' },
      type: 'boolean',
      sql: sql`ticket.hazardous`,
      default: true,
    },
    {
      key: 'collected_on',
      label: { fr: 'Enlèvement prévu le', en: 'Collection planned for' },
      type: 'date',
      sql: sql`ticket.collected_on`,
    },
    { key: 'comment', label: { fr: 'Commentaire', en: 'Comment' }, type: 'text', sql: sql`ticket.comment` },
  ],
  filters: [
    {
      key: 'period',
      label: { fr: 'Période', en: 'Period' },
      kind: 'period',
      sql: sql`ticket.received_at`,
      valueType: 'timestamptz',
    },
    {
      key: 'site',
      label: { fr: 'Sites', en: 'Sites' },
      kind: 'many_of',
      sql: sql`site.name`,
      options: (_viewer, scope) => sql`select name, name from sites site where ${scope}`,
    },
    {
      key: 'category',
      label: { fr: 'Catégories', en: 'Categories' },
      kind: 'many_of',
      sql: sql`ticket.category_id`,
      valueType: 'integer',
      options: () => sql`select id, name from categories`,
    },
    {
      key: 'destination',
      label: { fr: 'Destination', en: 'Destination' },
      kind: 'one_of',
      sql: sql`destination.code`,
      options: () => sql`select code, name from destinations`,
    },
    {
      key: 'donor_kind',
      label: { fr: 'Apporteur', en: 'Donor' },
      kind: 'many_of',
      sql: sql`ticket.donor_kind`,
      options: [
        { value: 'Particulier', label: { fr: 'Particulier', en: 'Private person' } },
        { value: 'Professionnel', label: { fr: 'Professionnel', en: 'Business' } },
        { value: 'Collectivité', label: { fr: 'Collectivité', en: 'Local authority' } },
        { value: 'Association', label: { fr: 'Association', en: 'Charity' } },
      ],
    },
    {
      key: 'volunteer',
      label: { fr: 'Réceptionné par', en: 'Received by' },
      kind: 'contains',
      sql: sql`volunteer.full_name`,
    },
    {
      key: 'comment',
      label: { fr: 'Commentaire', en: 'Comment' },
      kind: 'contains',
      sql: sql`ticket.comment`,
    },
    {
      key: 'weight_kg',
      label: { fr: 'Poids (kg)', en: 'Weight (kg)' },
      kind: 'number_range',
      sql: sql`ticket.weight_kg`,
    },
    {
      key: 'hazardous',
      label: { fr: 'Déchet dangereux', en: 'Hazardous' },
      kind: 'boolean',
      sql: sql`ticket.hazardous`,
    },
  ],
  orderBy: sql`ticket.received_at desc, ticket.id desc`,
  uniqueKey: sql`ticket.id`,
})
