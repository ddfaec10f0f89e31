/**
 * Writes web/api-types.ts: the types of what the API answers and takes, from the description it serves at
 * /v1/openapi.json. Not committed, like the database client; `npm run check` and `npm run dev:web` write it anew.
 */

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { createApp } from '#api/app.ts'
import type { ApiDeps } from '#api/deps.ts'
import { createLogger } from '#config/logger.ts'

const file = fileURLToPath(new URL('api-types.ts', import.meta.url))

// The description is of the routes: nothing behind them is asked.
const deps = {
  environment: {
    PUBLIC_URL: 'http://localhost',
    AUTH_SECRET: '',
    TEMPORAL_WEB_URL: 'http://localhost',
    PAYLOAD_KEYS: [] as readonly unknown[],
  },
  logger: createLogger('api-types', 'error'),
  now: () => new Date(),
} as ApiDeps
const answer = await createApp(deps, {} as Parameters<typeof createApp>[1]).request('/v1/openapi.json')
// A field with a default may be left out of what is sent.
const options = { defaultNonNullable: false }
writeFileSync(file, astToString(await openapiTS(await answer.text(), options)))
