import UserRoundX from 'lucide-solid/icons/user-round-x'
import { t } from '../i18n.ts'
import { Badge } from '../ui/badge.tsx'

/** On a scheduled report whose owner's account is deactivated. */
export function OwnerBadge() {
  return (
    <Badge tone="amber" mark={<UserRoundX />}>
      {t('owner.inactive')}
    </Badge>
  )
}
