/** The administrators’ dashboard. */
export const dashboard = {
  'dashboard.title': 'Tableau de bord',
} as const
