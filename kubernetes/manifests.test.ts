import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { readEnvironment } from '#config/environment.ts'
import { taskQueues } from '#contract/names.ts'
import { programFolders } from '#domain/page-paths.ts'

type Labels = Record<string, string>

interface Probe {
  httpGet: { path: string; port: string }
}
interface Container {
  args: string[]
  image: string
  ports?: { name: string; containerPort: number }[]
  startupProbe?: Probe
  readinessProbe?: Probe
  livenessProbe?: Probe
}
interface Pod {
  metadata: { labels: Labels }
  spec: { containers: Container[]; terminationGracePeriodSeconds?: number }
}
interface Manifest {
  kind: string
  metadata: { name: string }
  data?: Record<string, string>
  spec: {
    template?: Pod
    selector?: { matchLabels?: Labels }
    minAvailable?: number
    scaleTargetRef?: { name: string }
    minReplicaCount?: number
    triggers?: { type: string; metadata: Record<string, string> }[]
  }
}

const folder = import.meta.dirname
/** What a worker answers at WORKER_HEALTH_PORT. */
const workerPages = ['livez', 'readyz']
const textOf = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8')
const files = globSync('*.yaml', { cwd: folder }).filter((name) => name !== 'kustomization.yaml')
const documents = files.flatMap((file) => parseAllDocuments(textOf(file), { strict: true }))
const manifests = documents.map((document) => document.toJS() as Manifest)
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)
const settings = ofKind('ConfigMap')[0]?.data ?? {}
const workloads = manifests.flatMap(({ kind, metadata, spec }) =>
  spec?.template ? [{ kind, name: metadata.name, pod: spec.template, spec }] : [],
)

it('kustomization.yaml names every file, and each is YAML', () => {
  expect(documents.flatMap(({ errors }) => errors)).toEqual([])
  const { resources } = parse(textOf('kustomization.yaml')) as { resources: string[] }
  expect(resources.toSorted()).toEqual(files.toSorted())
})

it('the settings are variables of .env.example, and with secrets a production that starts', () => {
  const described = Object.keys(parseEnv(textOf('..', '.env.example')))
  expect(Object.keys(settings).filter((name) => !described.includes(name))).toEqual([])
  const secrets = {
    AUTH_SECRET: 'yMQe2Y5oN0vZ1WkT8bXrUj3GcHs7LfDa',
    LINK_SECRET: 'pLr9Vt4KxJw6CzQm1BnSg8EyHd2FuRoi',
    DATABASE_URL: 'postgresql://rapporteur:Zx81-kQ@db.example.org/rapporteur',
    SOURCE_DATABASE_URL: 'postgresql://reader:Mn47-pW@db.example.org/till',
    SMTP_URL: 'smtps://reports:Tr56-vB@mail.example.org:465',
  }
  const environment = readEnvironment({ NODE_ENV: 'production', ...settings, ...secrets })
  expect(environment).toMatchObject({ PORT: 3000, PUBLIC_URL: settings['PUBLIC_URL'] })
})

it.each(workloads)('$kind $name runs a command of the image, with all settings and no right', ({ pod }) => {
  expect(textOf('..', 'docker', 'entrypoint.sh')).toContain(`\n  ${pod.spec.containers[0]?.args[0]})`)
  expect(pod.spec).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        image: 'rapporteur',
        envFrom: [{ configMapRef: { name: 'rapporteur' } }, { secretRef: { name: 'rapporteur' } }],
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        resources: { requests: { memory: expect.any(String) }, limits: { memory: expect.any(String) } },
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: expect.anything() }],
  })
})

describe.each(workloads.filter(({ kind }) => kind === 'Deployment'))('$name', ({ name, pod, spec }) => {
  it('is selected by its labels, and keeps one pod at least', () => {
    expect(spec.selector?.matchLabels).toEqual(pod.metadata.labels)
    const budgets = ofKind('PodDisruptionBudget').filter(({ metadata }) => metadata.name === name)
    expect(budgets.map((budget) => [budget.spec.selector?.matchLabels, budget.spec.minAvailable])).toEqual([
      [pod.metadata.labels, 1],
    ])
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30)
  })

  it('is asked how it is, at what it answers', () => {
    const { startupProbe, readinessProbe, livenessProbe, ports = [], args } = pod.spec.containers[0] ?? {}
    const answered = args?.[0] === 'api' ? programFolders : workerPages
    const known = ports.flatMap(({ name: port }) =>
      answered.map((page) => ({ httpGet: { path: `/${page}`, port } })),
    )
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(known).toContainEqual({ httpGet: probe?.httpGet })
    }
  })
})

it('services and probes lead to the ports that API and workers listen on', () => {
  const [service] = ofKind('Service')
  const api = workloads.find(({ name }) => name === 'rapporteur-api')
  expect(service?.spec.selector).toEqual(api?.pod.metadata.labels)
  expect(service?.spec).toMatchObject({ ports: [{ targetPort: 'http' }] })
  expect(api?.pod.spec.containers[0]?.ports).toEqual([{ name: 'http', containerPort: 3000 }])
  const worker = workloads.find(({ name }) => name === 'rapporteur-worker')
  const healthPort = Number(settings['WORKER_HEALTH_PORT'])
  expect(worker?.pod.spec.containers[0]?.ports).toEqual([{ name: 'health', containerPort: healthPort }])
})

it('workers are scaled by the queues that they serve, of the namespace in the settings', () => {
  const [scaled] = ofKind('ScaledObject')
  expect(scaled?.spec.scaleTargetRef?.name).toBe('rapporteur-worker')
  expect(scaled?.spec.minReplicaCount).toBeGreaterThan(1)
  for (const { type, metadata } of scaled?.spec.triggers ?? []) {
    expect([type, metadata]).toMatchObject([
      'temporal',
      { endpoint: settings['TEMPORAL_ADDRESS'], namespace: settings['TEMPORAL_NAMESPACE'] },
    ])
    expect(Object.values(taskQueues)).toContain(metadata['taskQueue'])
  }
})
