/** The pages, each in a file of its own that comes when it is first wanted. */

import { QueryClientProvider } from '@tanstack/solid-query'
import { Route, Router } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import { AppShell } from './shell/app-shell.tsx'
import { lazyPage, PageBoundary } from './ui/page-boundary.tsx'
import { RequireAdmin } from './shell/require-admin.tsx'
import { ToastRegion } from './ui/toast.tsx'
import { createQueryClient } from './query-client.ts'

const Reports = lazyPage(() => import('./reports/reports-page.tsx'))
const ReportPanel = lazyPage(() => import('./reports/report-panel.tsx'))
const Data = lazyPage(() => import('./data/data-page.tsx'))
const ScheduledReports = lazyPage(() => import('./scheduled-reports/scheduled-reports-page.tsx'))
const Deliveries = lazyPage(() => import('./scheduled-reports/deliveries-page.tsx'))
const People = lazyPage(() => import('./people/people-page.tsx'))
const Dashboard = lazyPage(() => import('./dashboard/dashboard-page.tsx'))
const SignIn = lazyPage(() => import('./shell/sign-in-page.tsx'))
const Home = lazyPage(() => import('./shell/home-page.tsx'))
const NotFound = lazyPage(() => import('./shell/not-found-page.tsx'))

const client = createQueryClient()
const numberOnly = { number: /^[1-9]\d{0,9}$/ }

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Router root={(props) => <PageBoundary>{props.children}</PageBoundary>}>
        <Route path={pagePaths.signIn} component={SignIn} />
        <Route path="/" component={AppShell}>
          <Route path="/" component={Home} />
          <Route path={pagePaths.reports} component={Reports}>
            <Route path="/" />
            <Route path="/:number" matchFilters={numberOnly} component={ReportPanel} />
          </Route>
          <Route path={pagePaths.data(':type')} component={Data} />
          <Route path="/" component={RequireAdmin}>
            <Route path={pagePaths.scheduledReports} component={ScheduledReports} />
            <Route path={pagePaths.scheduledReport(':id')} component={Deliveries} />
            <Route path={pagePaths.people} component={People} />
            <Route path={pagePaths.dashboard} component={Dashboard} />
          </Route>
          <Route path="*" component={NotFound} />
        </Route>
      </Router>
      <ToastRegion />
    </QueryClientProvider>
  )
}
