/** Where the pages are: for the router, for links in pages and mails, and for what the API serves and redirects to. */

const scheduledReports = '/parametres/rapports-programmes'

export const pagePaths = {
  signIn: '/connexion',
  dashboard: '/tableau-de-bord',
  reports: '/rapports',
  report: (number: number | ':number') => `/rapports/${number}`,
  data: (type: string) => `/donnees/${type}`,
  scheduledReports,
  scheduledReport: (id: string) => `${scheduledReports}/${id}`,
  people: '/parametres/personnes',
  audit: '/parametres/journal',
  account: '/compte',
  forgottenPassword: '/mot-de-passe',
  choosePassword: (token: string) => `/mot-de-passe/${token}`,
} as const

/** What programs ask below: they get problems, not pages. */
export const programFolders: readonly string[] = [
  'v1',
  'api',
  'docs',
  'codec',
  'assets',
  'healthz',
  'readyz',
  'l',
  'u',
]

/** Every address that a page answers, with the router's placeholders. */
export const pageRoutes: readonly string[] = [
  pagePaths.signIn,
  pagePaths.dashboard,
  pagePaths.reports,
  pagePaths.report(':number'),
  pagePaths.data(':type'),
  pagePaths.scheduledReports,
  pagePaths.scheduledReport(':id'),
  pagePaths.people,
  pagePaths.audit,
  pagePaths.account,
  pagePaths.forgottenPassword,
  pagePaths.choosePassword(':token'),
]
