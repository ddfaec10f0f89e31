/**
 * The lint rules, and who may import whom: `rooms` is the one place that says it (why: docs/decisions/0104).
 * Across rooms imports go by `#room/…`, inside one by relative paths.
 */

import { defineConfig } from 'oxlint'

interface Room {
  /** Rooms it takes values from. */
  values?: readonly string[]
  /** Rooms it takes types from beside those. */
  types?: readonly string[]
  /** Further restrictions, in ESLint's form. */
  also?: readonly object[]
}

const packages = [
  '@*/**',
  'zod',
  'temporal-polyfill',
  'pg',
  'pino',
  'hono',
  'hono/**',
  'exceljs',
  'nodemailer',
]

/** What runs in the workflows' sandbox takes no Node module, and only packages made for it. */
const sandboxed = (...allowed: string[]) => [
  {
    regex: '^(node:|(fs|path|crypto|os|http|https|net|child_process|stream|util|events|worker_threads)$)',
    allowTypeImports: true,
    message: 'This runs in the workflow sandbox: no Node modules.',
  },
  {
    group: [...packages, ...allowed.map((name) => `!${name}`)],
    allowTypeImports: true,
    message: `This runs in the workflow sandbox: of packages only ${allowed.join(', ')}.`,
  },
]

/** One place makes clients of Temporal, so that each of them seals and opens payloads. */
const temporalClients = {
  group: ['@temporalio/client'],
  importNames: ['Client', 'WorkflowClient', 'ScheduleClient'],
  allowTypeImports: true,
  message: 'Use createTemporalClient of services/temporal/data-converter.ts.',
}

const services = ['domain', 'contract', 'config', 'catalogue', 'adapters', 'prisma']

const rooms: Readonly<Record<string, Room>> = {
  domain: { also: sandboxed('zod', 'temporal-polyfill') },
  contract: { values: ['domain'], also: sandboxed('@temporalio/workflow', '@temporalio/common') },
  config: { values: ['domain', 'contract'] },
  catalogue: { values: ['domain'] },
  mails: { values: ['domain'], types: ['catalogue'] },
  adapters: { values: ['domain', 'contract', 'config', 'catalogue'] },
  files: { values: ['domain', 'contract', 'config', 'catalogue', 'adapters'] },
  prisma: { values: ['domain', 'config', 'adapters'] },
  services: { values: services, also: [temporalClients] },
  workflows: {
    values: ['domain', 'contract'],
    also: [
      ...sandboxed('@temporalio/workflow', '@temporalio/common'),
      {
        group: ['#activities/create-activities.ts'],
        allowTypeImports: true,
        message: 'The sandbox takes the type of the table of activities alone.',
      },
    ],
  },
  activities: { values: [...services, 'mails', 'files', 'services'], also: [temporalClients] },
  api: { values: [...services, 'mails', 'services'], also: [temporalClients] },
  cli: { values: [...services, 'services', 'api'], also: [temporalClients] },
  demo: { values: ['domain', 'catalogue', 'config', 'prisma', 'api'] },
  web: {
    values: ['domain'],
    also: [
      { group: ['node:*'], message: 'web/src runs in browsers: no Node modules.' },
      { group: ['lucide-solid'], message: 'Icons one by one: lucide-solid/icons/name.' },
    ],
  },
}
/** These may import anything, and are imported by nothing but each other; tests import test/. */
const outside = ['local', 'scripts', 'bench', 'test']

const names = [...Object.keys(rooms), ...outside]
const byName = { regex: `^(\\.\\./)+(${names.join('|')})/`, message: 'Across rooms import by #room/….' }

const forbid = (patterns: object[]) => ({
  'no-restricted-imports': ['error', { patterns }] as ['error', object],
})

function restricted(room: string, { values = [], types = [], also = [] }: Room) {
  const open = new Set([room, ...values, ...types])
  const closed = names.filter((name) => !open.has(name) && !(room === 'workflows' && name === 'activities'))
  const patterns = [
    {
      group: closed.map((name) => `#${name}/**`),
      message: `${room}/ may not import from there: see the table in oxlint.config.ts.`,
    },
    ...(types.length === 0
      ? []
      : [
          {
            group: types.map((name) => `#${name}/**`),
            allowTypeImports: true,
            message: `${room}/ may import types only from there (import type).`,
          },
        ]),
    byName,
    ...also,
  ]
  return forbid(patterns)
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'vitest'],
  jsPlugins: ['eslint-plugin-solid'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  env: { node: true, es2024: true },
  ignorePatterns: ['node_modules', 'dist', '.local', 'coverage', 'prisma/client/**'],
  rules: {
    'typescript/no-unsafe-type-assertion': 'off',
    'import/no-named-as-default-member': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/consistent-test-it': ['error', { fn: 'it', withinDescribe: 'it' }],
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'typescript/consistent-return': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'typescript/no-misused-spread': 'off',
    'no-control-regex': 'off',
    'no-underscore-dangle': 'off',
    'eslint/no-unmodified-loop-condition': 'off',
    'unicorn/no-new-array': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'typescript/require-array-sort-compare': 'off',
    'typescript/no-unsafe-enum-comparison': 'off',
    'typescript/unbound-method': 'off',
    'no-shadow': 'off',
    'eslint/eqeqeq': ['error', 'always', { null: 'ignore' }],
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'off',
  },
  overrides: [
    ...Object.entries(rooms).map(([name, room]) => ({
      files: [name === 'web' ? 'web/src/**/*.{ts,tsx}' : `${name}/**/*.ts`],
      rules: restricted(name, room),
    })),
    {
      files: ['web/src/**/*.{ts,tsx}'],
      env: { browser: true, node: false },
      rules: {
        'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
        'import/no-unassigned-import': 'off',
        'solid/no-destructure': 'error',
        'solid/imports': 'error',
        'solid/no-react-deps': 'error',
        'solid/no-react-specific-props': 'error',
        'solid/prefer-for': 'error',
        'solid/event-handlers': 'error',
        'solid/style-prop': 'error',
        'solid/no-innerhtml': 'error',
        'solid/jsx-no-duplicate-props': 'error',
        'solid/jsx-no-script-url': 'error',
        'solid/no-unknown-namespaces': 'error',
      },
    },
    {
      files: ['**/*.test.ts', '**/*.fixture.ts', ...outside.map((name) => `${name}/**/*.ts`)],
      rules: forbid([byName]),
    },
  ],
})
