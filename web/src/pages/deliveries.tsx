import { PageHeader } from '../components/page-header.tsx'
import { t } from '../i18n.ts'

export default function Deliveries() {
  return <PageHeader title={t('deliveries.title')} />
}
