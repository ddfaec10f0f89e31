import type { Translation } from '../../i18n.ts'
import type { data as french } from '../fr/data.ts'

export const data = {
  'data.title': 'Data',
} as const satisfies Translation<typeof french>
