/** Whose rows the demo's report types show: a province's schools, a site's tills and tickets; administrators see all. */

import type { ScopeByAttribute } from '#catalogue/scope.ts'
import { sql } from '#catalogue/sql.ts'

/** For types whose `from` calls the table of provinces `province`. */
export const byProvince: ScopeByAttribute = {
  attribute: 'province',
  label: { fr: 'Province', en: 'Province' },
  sql: sql`province.name`,
  seesAll: ['admin'],
  values: sql`select name from provinces`,
}

/** For types whose `from` calls the table of sites `site`. */
export const bySite: ScopeByAttribute = {
  attribute: 'site',
  label: { fr: 'Site', en: 'Site' },
  sql: sql`site.name`,
  seesAll: ['admin'],
  values: sql`select name from sites`,
}
