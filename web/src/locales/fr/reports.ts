/** « Mes Rapports ». */
export const reports = {
  'reports.title': 'Mes Rapports',
} as const
