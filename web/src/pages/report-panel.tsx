import { useNavigate, useParams } from '@solidjs/router'
import { SidePanel } from '../components/side-panel.tsx'

/** `/rapports/:number`. */
export default function ReportPanel() {
  const params = useParams<{ number: string }>()
  const navigate = useNavigate()
  return (
    <SidePanel open onClose={() => navigate('/rapports')} title={`N° ${params.number}`}>
      <></>
    </SidePanel>
  )
}
