import { defineReport } from '#catalogue/define-report.ts'
import { sql } from '#catalogue/sql.ts'
import { bySite } from '../demo-scopes.ts'

/** What the drawer should hold when it is closed. */
const expected = sql`session.opening_amount + session.cash_sales - session.withdrawals`

/** Till sessions of the recycling centre: one row from the opening of a till to its closing. */
export default defineReport({
  key: 'cash_session',
  title: { fr: 'Sessions de caisse', en: 'Till sessions' },
  access: ['admin', 'user'],
  scopeBy: bySite,
  from: sql`
    cash_sessions session
    left join sites site on site.id = session.site_id
    left join operators opener on opener.id = session.opened_by
    left join operators closer on closer.id = session.closed_by`,
  columns: [
    {
      key: 'number',
      label: { fr: 'N° de session', en: 'Session no.' },
      type: 'text',
      sql: sql`session.number`,
      default: true,
    },
    { key: 'site', label: { fr: 'Site', en: 'Site' }, type: 'text', sql: sql`site.name`, default: true },
    { key: 'till', label: { fr: 'Caisse', en: 'Till' }, type: 'text', sql: sql`session.till`, default: true },
    {
      key: 'business_date',
      label: { fr: 'Journée comptable', en: 'Business day' },
      type: 'date',
      sql: sql`session.business_date`,
    },
    {
      key: 'opened_at',
      label: { fr: 'Ouverte le', en: 'Opened at' },
      type: 'timestamp',
      sql: sql`session.opened_at`,
      default: true,
    },
    {
      key: 'closed_at',
      label: { fr: 'Fermée le', en: 'Closed at' },
      type: 'timestamp',
      sql: sql`session.closed_at`,
      default: true,
    },
    {
      key: 'opened_by',
      label: { fr: 'Ouverte par', en: 'Opened by' },
      type: 'text',
      sql: sql`opener.full_name`,
      default: true,
    },
    {
      key: 'closed_by',
      label: { fr: 'Fermée par', en: 'Closed by' },
      type: 'text',
      sql: sql`closer.full_name`,
    },
    {
      key: 'opening_amount',
      label: { fr: 'Fonds de caisse (€)', en: 'Opening amount (€)' },
      type: 'money',
      sql: sql`session.opening_amount`,
      default: true,
    },
    {
      key: 'cash_sales',
      label: { fr: 'Ventes en espèces (€)', en: 'Cash sales (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`session.cash_sales`,
      default: true,
    },
    {
      key: 'card_sales',
      label: { fr: 'Ventes par carte (€)', en: 'Card sales (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`session.card_sales`,
      default: true,
    },
    {
      key: 'cheque_sales',
      label: { fr: 'Ventes par chèque (€)', en: 'Cheque sales (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`session.cheque_sales`,
    },
    {
      key: 'total_sales',
      label: { fr: 'Total des ventes (€)', en: 'Total sales (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`session.cash_sales + session.card_sales + session.cheque_sales`,
    },
    {
      key: 'sale_count',
      label: { fr: 'Nombre de ventes', en: 'Number of sales' },
      type: 'integer',
      total: 'sum',
      sql: sql`session.sale_count`,
    },
    {
      key: 'average_sale',
      label: { fr: 'Panier moyen (€)', en: 'Average sale (€)' },
      type: 'decimal',
      scale: 3,
      sql: sql`round((session.cash_sales + session.card_sales + session.cheque_sales) / nullif(session.sale_count, 0), 3)`,
    },
    {
      key: 'withdrawals',
      label: { fr: 'Prélèvements (€)', en: 'Withdrawals (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`session.withdrawals`,
    },
    {
      key: 'expected_amount',
      label: { fr: 'Montant attendu (€)', en: 'Expected amount (€)' },
      type: 'money',
      sql: expected,
    },
    {
      key: 'closing_amount',
      label: { fr: 'Montant compté (€)', en: 'Closing amount (€)' },
      type: 'money',
      sql: sql`session.closing_amount`,
      default: true,
    },
    {
      key: 'difference',
      label: { fr: 'Écart (€)', en: 'Difference (€)' },
      type: 'money',
      total: 'sum',
      sql: sql`session.closing_amount - (${expected})`,
      default: true,
    },
    {
      key: 'status',
      label: { fr: 'Statut', en: 'Status' },
      type: 'text',
      sql: sql`session.status`,
      default: true,
    },
    { key: 'checked', label: { fr: 'Contrôlée', en: 'Checked' }, type: 'boolean', sql: sql`session.checked` },
    { key: 'comment', label: { fr: 'Commentaire', en: 'Comment' }, type: 'text', sql: sql`session.comment` },
  ],
  filters: [
    {
      key: 'period',
      label: { fr: 'Période', en: 'Period' },
      kind: 'period',
      sql: sql`session.opened_at`,
      valueType: 'timestamptz',
    },
    {
      key: 'site',
      label: { fr: 'Sites', en: 'Sites' },
      kind: 'many_of',
      sql: sql`site.name`,
      options: 'distinct',
    },
    {
      key: 'status',
      label: { fr: 'Statut', en: 'Status' },
      kind: 'one_of',
      sql: sql`session.status`,
      options: [
        { value: 'ouverte', label: { fr: 'Ouverte', en: 'Open' } },
        { value: 'fermée', label: { fr: 'Fermée', en: 'Closed' } },
        { value: 'contrôlée', label: { fr: 'Contrôlée', en: 'Checked' } },
      ],
    },
    {
      key: 'operator',
      label: { fr: 'Ouverte par', en: 'Opened by' },
      kind: 'contains',
      sql: sql`opener.full_name`,
    },
    {
      key: 'difference',
      label: { fr: 'Écart (€)', en: 'Difference (€)' },
      kind: 'number_range',
      sql: sql`session.closing_amount - (${expected})`,
    },
    {
      key: 'checked',
      label: { fr: 'Contrôlée', en: 'Checked' },
      kind: 'boolean',
      sql: sql`session.checked`,
    },
  ],
  orderBy: sql`session.opened_at desc, session.id desc`,
  uniqueKey: sql`session.id`,
})
