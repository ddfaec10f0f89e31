import type { Translation } from '../../i18n.ts'
import type { reports as french } from '../fr/reports.ts'

export const reports = {
  'reports.title': 'My reports',
} as const satisfies Translation<typeof french>
