/** The deliveries of one scheduled report. */
export const deliveries = {
  'deliveries.title': 'Envois',
} as const
