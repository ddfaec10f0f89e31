import { useParams } from '@solidjs/router'
import { PageHeader } from '../components/page-header.tsx'
import { useReportTypes } from '../queries.ts'

/** `/donnees/:type`. */
export default function Data() {
  const params = useParams<{ type: string }>()
  const types = useReportTypes()
  return <PageHeader title={types.data?.find(({ key }) => key === params.type)?.title ?? params.type} />
}
