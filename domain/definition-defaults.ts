/**
 * What a scheduled report has where nothing was chosen, in the API's terms: for the API, its description, the dialog,
 * and the columns' own defaults (a test holds those to this). Its time zone and language are its owner's, its columns
 * its type's. The API wants `format` and `frequency` said: theirs are what the dialog begins with.
 */
export const definitionDefaults = {
  format: 'excel',
  /** As the installation says. */
  csv: null,
  frequency: 'daily',
  time: '08:00',
  /** Monday. */
  weekdays: [1],
  month_day: 1,
  filters_json: {},
  enabled: true,
  missed_runs: 'latest',
  only_if_rows: false,
  /** As the installation says. */
  spread_minutes: null,
  /** Never. */
  pause_after_failures: null,
} as const
