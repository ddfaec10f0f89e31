/** The data pages. */
export const data = {
  'data.title': 'Données',
} as const
