import type { Translation } from '../../i18n.ts'
import type { scheduled as french } from '../fr/scheduled.ts'

export const scheduled = {
  'scheduled.title': 'Scheduled reports',
} as const satisfies Translation<typeof french>
