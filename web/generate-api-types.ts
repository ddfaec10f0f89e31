/**
 * Writes web/api-types.ts: the types of what the API answers and takes, from the description it serves at
 * /v1/openapi.json. Not committed, like the database client; `npm run check` and `npm run dev:web` write it anew.
 */

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { createApp } from '#api/app.ts'
import type { ApiDeps } from '#api/deps.ts'
import { readEnvironment } from '#config/environment.ts'
import { createLogger } from '#config/logger.ts'

const file = fileURLToPath(new URL('api-types.ts', import.meta.url))

// The description is of the routes: nothing behind them is asked.
const nowhere = 'postgresql://localhost/nothing'
const deps = {
  environment: readEnvironment({
    DATABASE_URL: nowhere,
    SOURCE_DATABASE_URL: nowhere,
    S3_BUCKET: 'nothing',
    S3_ACCESS_KEY_ID: 'nobody',
    S3_SECRET_ACCESS_KEY: 'nothing',
    SMTP_URL: 'smtp://localhost',
  }),
  logger: createLogger('api-types', 'error'),
  now: () => new Date(),
} as ApiDeps
const answer = await createApp(deps, {} as Parameters<typeof createApp>[1]).request('/v1/openapi.json')
// A field with a default may be left out of what is sent.
const options = { defaultNonNullable: false }
writeFileSync(file, astToString(await openapiTS(await answer.text(), options)))
