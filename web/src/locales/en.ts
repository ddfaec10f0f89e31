import { account } from './en/own-account.ts'
import { audit } from './en/audit.ts'
import { common } from './en/common.ts'
import { csv } from './en/csv.ts'
import { dashboard } from './en/dashboard.ts'
import { data } from './en/data.ts'
import { deliveries } from './en/deliveries.ts'
import { filters } from './en/filters.ts'
import { people } from './en/people.ts'
import { reports } from './en/reports.ts'
import { scheduled } from './en/scheduled.ts'
import { shell } from './en/shell.ts'

export const en = {
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
