import { Navigate } from '@solidjs/router'

/** `/` is « Mes Rapports ». */
export default function Home() {
  return <Navigate href="/rapports" />
}
