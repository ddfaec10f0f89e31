import type { Translation } from '../../i18n.ts'
import type { dashboard as french } from '../fr/dashboard.ts'

export const dashboard = {
  'dashboard.title': 'Dashboard',
} as const satisfies Translation<typeof french>
