import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectFolder } from '#local/settings.ts'

const script = `
  import { registerHooks } from 'node:module'
  const loaded = new Set()
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      loaded.add(found.url)
      return found
    },
  })
  await import('./api/app.ts')
  await import('./activities/create-context.ts')
  await import('./activities/create-workers.ts')
  await import('./files/process/make-file.ts')
  const { traceProcess } = await import('./services/monitoring/trace-process.ts')
  const tracing = await traceProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: process.env.ENDPOINT }, 'worker', console)
  const names = [...loaded].flatMap((url) => url.match(/(@opentelemetry|interceptors-opentelemetry-v2)[/][^/]+/g) ?? [])
  console.log([...new Set(names)].join(' '))
  process.exit(0)
`

async function packagesWith(env: Record<string, string>): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: projectFolder,
    env: { PATH: process.env.PATH, ...env },
  })
  return stdout.trim().split(' ')
}

it('without an endpoint nothing of OpenTelemetry’s SDK is loaded', async () => {
  // The API of a few types and numbers, which prom-client and better-auth load.
  const harmless = ['@opentelemetry/api', '@opentelemetry/semantic-conventions']
  expect((await packagesWith({})).filter((name) => !harmless.includes(name))).toEqual([])
  expect(await packagesWith({ ENDPOINT: 'http://127.0.0.1:1' })).toContain('@opentelemetry/sdk-trace-base')
})
