/** Command line: fills SOURCE_DATABASE_URL with the demo data; DEMO_DATA_ROWS says how many tickets. */

import { z } from 'zod'
import { seedDemoData } from './seed-demo-data.ts'

const environment = z
  .object({
    SOURCE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    DEMO_DATA_ROWS: z.preprocess((text) => text || undefined, z.coerce.number().int().min(1).optional()),
  })
  .safeParse(process.env)

if (!environment.success) {
  for (const issue of environment.error.issues) console.error(`${issue.path.join('.')}: ${issue.message}`)
  process.exit(1)
}

const { SOURCE_DATABASE_URL: connectionString, DEMO_DATA_ROWS: rows } = environment.data
await seedDemoData({ connectionString, ...(rows === undefined ? {} : { rows }), log: console.log })
