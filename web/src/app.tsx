/** The pages, each in a file of its own that comes when it is first wanted. */

import { QueryClientProvider } from '@tanstack/solid-query'
import { Route, Router } from '@solidjs/router'
import { AppShell } from './components/app-shell.tsx'
import { lazyPage, PageBoundary } from './components/page-boundary.tsx'
import { RequireAdmin } from './components/require-admin.tsx'
import { ToastRegion } from './components/toast.tsx'
import { createQueryClient } from './queries.ts'

const Reports = lazyPage(() => import('./pages/reports.tsx'))
const ReportPanel = lazyPage(() => import('./pages/report-panel.tsx'))
const Data = lazyPage(() => import('./pages/data.tsx'))
const ScheduledReports = lazyPage(() => import('./pages/scheduled-reports.tsx'))
const Deliveries = lazyPage(() => import('./pages/deliveries.tsx'))
const People = lazyPage(() => import('./pages/people.tsx'))
const Dashboard = lazyPage(() => import('./pages/dashboard.tsx'))
const SignIn = lazyPage(() => import('./pages/sign-in.tsx'))
const Home = lazyPage(() => import('./pages/home.tsx'))
const NotFound = lazyPage(() => import('./pages/not-found.tsx'))

const client = createQueryClient()
const numberOnly = { number: /^[1-9]\d{0,9}$/ }

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Router root={(props) => <PageBoundary>{props.children}</PageBoundary>}>
        <Route path="/connexion" component={SignIn} />
        <Route path="/" component={AppShell}>
          <Route path="/" component={Home} />
          <Route path="/rapports" component={Reports}>
            <Route path="/" />
            <Route path="/:number" matchFilters={numberOnly} component={ReportPanel} />
          </Route>
          <Route path="/donnees/:type" component={Data} />
          <Route path="/" component={RequireAdmin}>
            <Route path="/parametres/rapports-programmes" component={ScheduledReports} />
            <Route path="/parametres/rapports-programmes/:id" component={Deliveries} />
            <Route path="/parametres/personnes" component={People} />
            <Route path="/tableau-de-bord" component={Dashboard} />
          </Route>
          <Route path="*" component={NotFound} />
        </Route>
      </Router>
      <ToastRegion />
    </QueryClientProvider>
  )
}
