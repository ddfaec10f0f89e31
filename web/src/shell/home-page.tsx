import { Navigate } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'

/** `/` is « Mes Rapports ». */
export default function Home() {
  return <Navigate href={pagePaths.reports} />
}
