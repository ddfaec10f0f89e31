/** French, the first language: its keys and placeholders are the ones every other language must have. */

import { account } from './fr/own-account.ts'
import { audit } from './fr/audit.ts'
import { common } from './fr/common.ts'
import { csv } from './fr/csv.ts'
import { dashboard } from './fr/dashboard.ts'
import { data } from './fr/data.ts'
import { deliveries } from './fr/deliveries.ts'
import { filters } from './fr/filters.ts'
import { people } from './fr/people.ts'
import { reports } from './fr/reports.ts'
import { scheduled } from './fr/scheduled.ts'
import { shell } from './fr/shell.ts'

export const fr = {
  ...common,
  ...shell,
  ...filters,
  ...reports,
  ...scheduled,
  ...deliveries,
  ...data,
  ...csv,
  ...dashboard,
  ...people,
  ...account,
  ...audit,
} as const
