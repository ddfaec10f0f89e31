import { PageHeader } from '../components/page-header.tsx'
import { t } from '../i18n.ts'

export default function Dashboard() {
  return <PageHeader title={t('dashboard.title')} />
}
