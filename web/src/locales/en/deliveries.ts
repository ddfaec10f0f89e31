import type { Translation } from '../../i18n.ts'
import type { deliveries as french } from '../fr/deliveries.ts'

export const deliveries = {
  'deliveries.title': 'Deliveries',
} as const satisfies Translation<typeof french>
