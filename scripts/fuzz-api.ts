/**
 * `npm run fuzz`: schemathesis tries the API's description on an instance of its own, as nobody, as a user and as an
 * administrator: requests that fit the description and requests that do not. The same ones on every run.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyScopes } from '#domain/schemas/api-key-schema.ts'
import { projectFolder } from '#local/settings.ts'
import { ProductClient } from '#test/processes/product-client.ts'
import { startProduct } from '#test/processes/product.ts'

const seed = 1
const minCases = 2_000
/** Of the three together, which run side by side; two cores need about 130 s. */
const timeLimitMs = 280_000
/** It never ends, and has tests of its own. */
const leftOut = '^/v1/reports/events$'
/** What opens an account takes no key. */
const ownAccess = '^/v1/me/'
/**
 * What the description allows and the service refuses all the same is not looked at: whether a report type, a column
 * or a time zone exists is no matter of a schema.
 */
const checksLeftOut = 'positive_data_acceptance'

interface Role {
  name: string
  email?: string
  /** Which routes: all that a key opens unless given. */
  routes?: Record<string, string>
  phases: string
  /** Generated requests an operation, beside those of the coverage phase. */
  examples: number
}

interface Result {
  name: string
  /** Null when it was ended for taking too long. */
  code: number | null
  cases: number
  output: string
}

/** The administrator reaches every route, so that the phase that goes through every limit of the schemas is theirs. */
const roles: readonly Role[] = [
  { name: 'nobody', phases: 'examples,fuzzing', examples: 12 },
  { name: 'user', email: 'leo@rapporteur.test', phases: 'examples,fuzzing', examples: 20 },
  // By session; without deletions, or it would end its own.
  {
    name: 'own account',
    email: 'awa@rapporteur.test',
    routes: { 'include-path-regex': ownAccess, 'exclude-method': 'DELETE' },
    phases: 'examples,coverage,fuzzing',
    examples: 20,
  },
  { name: 'admin', email: 'admin@rapporteur.test', phases: 'examples,coverage,fuzzing', examples: 10 },
]

const program = await installedProgram()
// No worker: requested reports wait, and nothing is mailed.
const product = await startProduct({ env: { LOCAL_WORKERS: '0', DEMO_DATA_ROWS: '1000', LOG_LEVEL: 'warn' } })
const folder = await mkdtemp(join(tmpdir(), 'rapporteur-fuzz-'))
try {
  const results = await Promise.all(roles.map(runAs))
  const cases = results.reduce((sum, result) => sum + result.cases, 0)
  // A key that is not taken would make every answer a refusal, and no check would fail.
  const isOut = ({ name, output }: Result) => name !== 'nobody' && output.includes('401 Unauthorized (')
  const failed = results.filter((result) => result.code !== 0 || isOut(result))
  for (const { output } of failed) console.log(output)
  for (const result of results) {
    console.log(`  ${failed.includes(result) ? '✗' : '✓'}  ${result.name}: ${result.cases} cases`)
  }
  const isEnough = cases >= minCases
  console.log(
    `${cases} cases${isEnough ? '' : `, fewer than ${minCases}`}; ${failed.length} of ${roles.length} roles failed`,
  )
  process.exitCode = failed.length === 0 && isEnough ? 0 : 1
} finally {
  await rm(folder, { recursive: true })
  await product.dispose()
}

async function runAs(role: Role): Promise<Result> {
  const configuration = join(folder, `${role.name}.toml`)
  await writeFile(configuration, await configurationOf(role))
  const options = {
    'exclude-checks': checksLeftOut,
    ...(role.routes ?? { 'exclude-path-regex': role.email ? `${leftOut}|${ownAccess}` : leftOut }),
    phases: role.phases,
    'max-examples': role.examples,
    seed,
    'generation-database': 'none',
    workers: 1,
    'request-timeout': 20,
  }
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const document = `${product.url}/v1/openapi.json`
  const child = spawn(
    program,
    ['--config-file', configuration, 'run', document, '--continue-on-failure', '--no-color', ...flags],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeLimitMs },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  const cases = Number(/^\s*([\d,]+) generated/m.exec(output)?.[1]?.replaceAll(',', '') ?? 0)
  return { name: role.name, code, cases, output }
}

/** The role's key, and things of its own in place of generated identifiers, which would name nothing. */
async function configurationOf({ email, routes }: Role): Promise<string> {
  if (email === undefined) return ''
  const client = new ProductClient(product)
  await client.signIn(email)
  if (routes) return `[auth.openapi.session]\napi_key = ${JSON.stringify(client.sessionToken)}\n`
  const { key } = await client.call<{ key: string }>('POST', '/v1/me/api-keys', {
    name: 'fuzz',
    scopes: [...keyScopes],
  })
  const { number } = await client.call<{ number: number }>('POST', '/v1/reports', {
    type: 'schools',
    format: 'csv',
  })
  return [
    '[auth.openapi.api_key]',
    `api_key = ${JSON.stringify(key)}`,
    '[[operations]]',
    'include-path-regex = "^/v1/reports/[{]number[}]"',
    `parameters = { "path.number" = ${number} }`,
    '[[operations]]',
    'include-path-regex = "^/v1/report-types/[{]key[}]/(rows|totals)"',
    'parameters = { "path.key" = "schools" }',
    '[[operations]]',
    'include-path-regex = "/options$"',
    'parameters = { "path.key" = "schools", "path.filter" = "province" }',
    ...(email.startsWith('admin') ? await definitionParameters(client) : []),
    '',
  ].join('\n')
}

/** Not for the route that deletes it, which would leave the others without one. */
async function definitionParameters(client: ProductClient): Promise<string[]> {
  const { id } = await client.call<{ id: string }>('POST', '/v1/admin/scheduled-reports', {
    name: 'Écoles',
    type: 'schools',
    frequency: 'daily',
    recipients: ['a@ville.test'],
    format: 'csv',
  })
  return [
    '[[operations]]',
    'include-path-regex = "^/v1/admin/scheduled-reports/[{]id[}]"',
    'exclude-method = "DELETE"',
    `parameters = { "path.id" = ${JSON.stringify(id)} }`,
  ]
}

/** In a virtual environment of its own, outside the clone like the other programs; made when it is missing. */
async function installedProgram(): Promise<string> {
  const requirements = join(projectFolder, 'scripts/fuzz-requirements.txt')
  const version = /^schemathesis==(\S+)$/m.exec(await readFile(requirements, 'utf8'))?.[1] ?? ''
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const environment = join(cache, 'rapporteur', `schemathesis-${version}`)
  const file = join(environment, 'bin', 'schemathesis')
  if (!existsSync(file)) {
    console.log(`Installing schemathesis ${version} …`)
    await run('python3', ['-m', 'venv', '--clear', environment])
    await run(join(environment, 'bin', 'pip'), ['install', '--quiet', '--requirement', requirements])
  }
  return file
}

async function run(file: string, args: string[]): Promise<void> {
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`)
}
