import { PageHeader } from '../components/page-header.tsx'
import { t } from '../i18n.ts'

export default function ScheduledReports() {
  return <PageHeader title={t('scheduled.title')} />
}
