/** « Rapports programmés » and their dialog. */
export const scheduled = {
  'scheduled.title': 'Rapports programmés',
} as const
