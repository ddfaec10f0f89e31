import { withoutPassword } from '#config/postgres-address.ts'
import { metricsPorts, type LocalSettings } from './settings.ts'

/** The table of addresses and demo accounts that ends a start. */
export function welcome({ environment, embedded, ...settings }: LocalSettings): string {
  const metrics = metricsPorts({ environment, workers: settings.workers })
  const base = `http://localhost:${settings.port}`
  const addresses: [string, string][] = [
    ['Rapporteur', base],
    ['API reference', `${base}/docs`],
    ['Temporal Web', environment.TEMPORAL_WEB_URL],
    [
      'Inbox',
      embedded.inbox
        ? `http://127.0.0.1:${settings.inboxPort}`
        : `mails leave by ${withoutMailPassword(environment.SMTP_URL)}`,
    ],
    ['Storage', `${environment.S3_ENDPOINT ?? 'AWS S3'} (bucket ${environment.S3_BUCKET})`],
    ['Database', shown(environment.DATABASE_URL)],
    ["Reports' source", shown(environment.SOURCE_DATABASE_URL)],
    ...metrics
      .slice(0, 1)
      .map((port): [string, string] => [
        'Metrics',
        `http://${environment.METRICS_HOST}:${port}/metrics (the API), ${metrics.slice(1).join(', ')} (workers)`,
      ]),
    ['Logs, pid files', `${settings.folder}/logs, ${settings.folder}/run`],
  ]
  const accounts: [string, string][] =
    environment.NODE_ENV === 'production'
      ? []
      : [
          ['admin@rapporteur.test', 'rapporteur   (administrator)'],
          ['awa@rapporteur.test', 'rapporteur   (user: the province of Kasaï, the site of Lyon)'],
          ['leo@rapporteur.test', 'rapporteur   (user: the province of Kwilu, the site of Grenoble)'],
        ]
  return [
    '',
    ...rows(addresses),
    ...(accounts.length > 0 ? ['', '  Demo accounts (password beside each)', ...rows(accounts)] : []),
    '',
  ].join('\n')
}

function rows(entries: [string, string][]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`)
}

/** The embedded server's password is no secret; that of an external server is one. */
function shown(url: string): string {
  return /^postgresql:\/\/rapporteur(_reader)?:[^@]*@127\.0\.0\.1:/.test(url) ? url : withoutPassword(url)
}

function withoutMailPassword(text: string): string {
  const url = new URL(text)
  if (url.password !== '') url.password = '***'
  return url.href
}
