import { defineConfig } from 'vitest/config'
import { LongestFirst } from '#test/runner/longest-first.ts'

const ignored = ['**/node_modules/**', '**/.local/**', '**/dist/**']
const integration = '**/*.integration.test.ts'
const endToEnd = '**/*.e2e.test.ts'
const alone = '**/*.alone.test.ts'

// Four kinds, told apart by their names, so that unit tests pay for no service:
//   name.test.ts              beside its file; no service of its own
//   name.integration.test.ts  beside its file; PostgreSQL, Temporal and storage of test/servers/services.ts
//   test/name.e2e.test.ts     the whole product, by `npm start`
//   test/name.alone.test.ts   the same, measured in milliseconds: last, with nothing beside it
export default defineConfig({
  test: {
    // Twice the cores of the smallest machine: most files wait for something most of the time (docs/decisions/0115).
    // The gate takes two: it shares its machine with other work, and a busy engine answers late.
    maxWorkers: process.env.CI ? 2 : 4,
    allowOnly: false,
    // Its own `import()` must be Node's: it asks for hooks of Node's loader.
    server: { deps: { external: [/catalogue\/import-type-file\.ts$/] } },
    sequence: { sequencer: LongestFirst },
    // The default of one second is a slow answer of a busy machine.
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default', './test/runner/closing-line.ts'],
    // Far from UTC and from Paris: a date that depends on the machine's zone shows.
    env: { TZ: 'America/St_Johns', LOG_LEVEL: 'silent' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...ignored, integration, endToEnd, alone],
          // Thousands of drawn timings take seconds, and several times that on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [integration],
          exclude: ignored,
          globalSetup: ['./test/servers/services.ts'],
          // Schemas learn to describe themselves when it is loaded: before any of them, as in the service.
          setupFiles: ['@hono/zod-openapi'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [endToEnd],
          exclude: ignored,
          globalSetup: ['./test/runner/build-pages.ts'],
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: [alone],
          exclude: ignored,
          testTimeout: 180_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
