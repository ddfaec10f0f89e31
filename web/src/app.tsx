/** The pages, each in a file of its own that comes when it is first wanted. */

import { QueryClientProvider } from '@tanstack/solid-query'
import { Navigate, Route, Router } from '@solidjs/router'
import { pagePaths } from '#domain/page-paths.ts'
import { basePath } from './base-path.ts'
import { AppShell, RequireAdmin } from './shell/app-shell.tsx'
import NotFoundPage from './shell/not-found-page.tsx'
import { lazyPage, PageBoundary } from './ui/page-boundary.tsx'
import { ToastRegion } from './ui/toast.tsx'
import { createQueryClient } from './query-client.ts'

const ReportsPage = lazyPage(() => import('./reports/reports-page.tsx'))
const ReportPanel = lazyPage(() => import('./reports/report-panel.tsx'))
const DataPage = lazyPage(() => import('./data/data-page.tsx'))
const ScheduledReportsPage = lazyPage(() => import('./scheduled-reports/scheduled-reports-page.tsx'))
const DeliveriesPage = lazyPage(() => import('./scheduled-reports/deliveries-page.tsx'))
const PeoplePage = lazyPage(() => import('./people/people-page.tsx'))
const AuditPage = lazyPage(() => import('./audit/audit-page.tsx'))
const DashboardPage = lazyPage(() => import('./dashboard/dashboard-page.tsx'))
const AccountPage = lazyPage(() => import('./account/account-page.tsx'))
const SignInPage = lazyPage(() => import('./shell/sign-in-page.tsx'))
const ForgottenPasswordPage = lazyPage(() => import('./shell/forgotten-password-page.tsx'))
const ChoosePasswordPage = lazyPage(() => import('./shell/choose-password-page.tsx'))

const client = createQueryClient()
const numberOnly = { number: /^[1-9]\d{0,9}$/ }

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Router base={basePath} root={(props) => <PageBoundary>{props.children}</PageBoundary>}>
        <Route path={pagePaths.signIn} component={SignInPage} />
        <Route path={pagePaths.forgottenPassword} component={ForgottenPasswordPage} />
        <Route path={pagePaths.choosePassword(':token')} component={ChoosePasswordPage} />
        <Route path="/" component={AppShell}>
          <Route path="/" component={() => <Navigate href={pagePaths.reports} />} />
          <Route path={pagePaths.reports} component={ReportsPage}>
            <Route path="/" />
            <Route path="/:number" matchFilters={numberOnly} component={ReportPanel} />
          </Route>
          <Route path={pagePaths.data(':type')} component={DataPage} />
          <Route path={pagePaths.account} component={AccountPage} />
          <Route path="/" component={RequireAdmin}>
            <Route path={pagePaths.scheduledReports} component={ScheduledReportsPage} />
            <Route path={pagePaths.scheduledReport(':id')} component={DeliveriesPage} />
            <Route path={pagePaths.people} component={PeoplePage} />
            <Route path={pagePaths.audit} component={AuditPage} />
            <Route path={pagePaths.dashboard} component={DashboardPage} />
          </Route>
          <Route path="*" component={NotFoundPage} />
        </Route>
      </Router>
      <ToastRegion />
    </QueryClientProvider>
  )
}
