import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readVariables } from '#config/environment.ts'
import { readPostgresAddress } from '#config/postgres-address.ts'

interface Service {
  environment?: Record<string, string | null>
  profiles?: string[]
  depends_on?: Record<string, { required?: boolean }>
  volumes?: string[]
  [setting: string]: unknown
}

const folder = join(import.meta.dirname, '..')
const text = readFileSync(join(folder, 'docker-compose.yml'), 'utf8')
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> }
const described = Object.keys(parseEnv(readFileSync(join(folder, '.env.example'), 'utf8')))
const product = ['api', 'worker', 'migrate']

/** What does not reach the containers, by the reason. */
const elsewhere = new Set([
  // The container listens on port 3000 of all its addresses; PORT is the one it is published under.
  'PORT',
  'HOST',
  'METRICS_HOST',
  // Made with the image.
  'WORKFLOW_BUNDLE',
  // Of `npm start` alone.
  ...described.filter((name) => name.startsWith('LOCAL_')),
  'TEMPORAL_CLI_PATH',
  'VERSITYGW_PATH',
])

describe('docker-compose.yml', () => {
  it.each(product)('hands every variable of .env.example to %s, by its own name', (name) => {
    const given = services[name]?.environment ?? {}
    const wanted = described.filter((variable) => !elsewhere.has(variable))
    expect(wanted.length).toBeGreaterThan(90)
    expect(wanted.filter((variable) => !(variable in given))).toEqual([])
    const known = new Set([
      ...wanted,
      'PORT',
      'COMPOSE_PROFILES',
      'POSTGRES_PASSWORD',
      'DEMO',
      'DEMO_READER_PASSWORD',
      'S3_PORT',
      // Read by the SDK of OpenTelemetry itself.
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_SERVICE_NAME',
      'OTEL_RESOURCE_ATTRIBUTES',
      'OTEL_TRACES_SAMPLER',
      'OTEL_TRACES_SAMPLER_ARG',
    ])
    expect(Object.keys(given).filter((variable) => !known.has(variable))).toEqual([])
    // `null` hands it over as it is; what is written beside a name reads that name.
    const altered = Object.entries(given).filter(
      ([variable, value]) =>
        value !== null && wanted.includes(variable) && !value.includes(`\${${variable}:`),
    )
    expect(altered).toEqual([])
  })

  it('starts the product alone unless a profile asks for a part of its own', () => {
    const unasked = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
    expect(unasked.map(([name]) => name).toSorted()).toEqual(product.toSorted())
    const parts = { postgres: 'postgres', temporal: 'temporal', storage: 'storage', inbox: 'inbox' }
    for (const [profile, service] of Object.entries(parts)) {
      expect(services[service]?.profiles).toEqual(expect.arrayContaining(['demo', profile]))
    }
    // Temporal keeps its own databases there.
    expect(services['postgres']?.profiles).toContain('temporal')
  })

  it('a service waits for another one only where that is started', () => {
    const faults = Object.entries(services).flatMap(([name, { profiles, depends_on: needed = {} }]) =>
      Object.entries(needed)
        .filter(([other, { required = true }]) => {
          const asked = services[other]?.profiles
          const isAlwaysThere = asked === undefined || profiles?.every((profile) => asked.includes(profile))
          return required && !isAlwaysThere
        })
        .map(([other]) => `${name} → ${other}`),
    )
    expect(faults).toEqual([])
  })

  it('builds no address from a password, which may have any character', () => {
    expect(text.match(/:\/\/[^\s'"]*\$\{[^}]*(PASSWORD|SECRET|KEY)/g)).toBeNull()
  })

  it.each(product)('%s writes nothing and may nothing', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    })
    expect(services[name]?.volumes).toEqual(['${REPORTS_DIR:-./demo/report-types}:/report-types:ro'])
  })
})

describe('without addresses of one’s own, the parts of compose', () => {
  /** The variables as a command of the image has them. */
  const within = (given: Record<string, string>): Record<string, string> => {
    const script = `. docker/compose-parts.sh; exec "${process.execPath}" -p 'JSON.stringify(process.env)'`
    const output = execFileSync('sh', ['-euc', script], {
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', ...given },
    })
    return JSON.parse(output.toString()) as Record<string, string>
  }
  const awkward = 'a/b#c?d@e:f%g h$i'

  it('are reached with passwords of any characters', () => {
    const { given, faults } = readVariables(
      within({ COMPOSE_PROFILES: 'demo', POSTGRES_PASSWORD: awkward, DEMO_READER_PASSWORD: `${awkward}2` }),
    )
    expect(faults).toEqual([])
    const account = (name: string) => {
      const { hosts, user, password, database } = readPostgresAddress(given[name] ?? '')
      return [hosts.map(({ host }) => host), user, password, database]
    }
    expect(account('DATABASE_URL')).toEqual([['postgres'], 'rapporteur', awkward, 'rapporteur'])
    expect(account('SOURCE_DATABASE_URL')).toEqual([['postgres'], 'rapporteur_reader', `${awkward}2`, 'demo'])
    expect(account('DEMO_DATABASE_URL')).toEqual([['postgres'], 'rapporteur', awkward, 'demo'])
    expect(given).toMatchObject({
      TEMPORAL_ADDRESS: 'temporal:7233',
      S3_ENDPOINT: 'http://storage:7070',
      S3_PUBLIC_ENDPOINT: 'http://localhost:9000',
      S3_BUCKET: 'rapporteur',
      SMTP_URL: 'smtp://inbox:1025',
      DEMO: 'true',
    })
  })

  it.each([
    [
      'DATABASE_URL',
      { DATABASE_URL: 'postgresql://a:b@db/c' },
      ['DATABASE_PASSWORD', 'SOURCE_DATABASE_URL', 'DEMO'],
    ],
    [
      'DATABASE_URL_FILE',
      { DATABASE_URL_FILE: '/run/secrets/a' },
      ['DATABASE_URL', 'DATABASE_PASSWORD', 'DEMO'],
    ],
    [
      'SOURCE_DATABASE_URL',
      { SOURCE_DATABASE_URL: 'postgresql://a:b@db/c' },
      ['SOURCE_DATABASE_PASSWORD', 'DEMO'],
    ],
    ['TEMPORAL_ADDRESS', { TEMPORAL_ADDRESS: 'own:7233' }, ['TEMPORAL_WEB_URL']],
    // The chain of the SDK finds the credentials.
    ['S3_BUCKET', { S3_BUCKET: 'own' }, ['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']],
    ['SMTP_URL', { SMTP_URL: 'smtp://own' }, []],
  ])('an own %s is left as it is, and nothing is put beside it', (_name, own, unset) => {
    const variables = within({ COMPOSE_PROFILES: 'demo', ...own })
    expect(variables).toMatchObject(own)
    expect(unset.filter((name) => variables[name])).toEqual([])
  })

  it.each([
    ['', []],
    ['temporal,storage', ['TEMPORAL_ADDRESS', 'S3_BUCKET']],
    ['postgres', ['DATABASE_URL', 'SOURCE_DATABASE_URL']],
    ['inbox', ['SMTP_URL']],
  ])('with the profiles "%s" are those alone: what is missing then ends the start', (profiles, found) => {
    const variables = within({ COMPOSE_PROFILES: profiles })
    const all = ['DATABASE_URL', 'SOURCE_DATABASE_URL', 'TEMPORAL_ADDRESS', 'S3_BUCKET', 'SMTP_URL']
    expect(all.filter((name) => variables[name])).toEqual(found)
  })

  it('a password in a file stays there', () => {
    const { DATABASE_PASSWORD } = within({
      COMPOSE_PROFILES: 'postgres',
      DATABASE_PASSWORD_FILE: '/run/secrets/a',
    })
    expect(DATABASE_PASSWORD).toBeUndefined()
  })
})
