/** A process of its own: fills the demo tables of SOURCE_DATABASE_URL, as DEMO_DATA_ROWS says. */

import { seedDemoData } from '#prisma/demo-data/seed-demo-data.ts'

const connectionString = process.env.SOURCE_DATABASE_URL
if (!connectionString) throw new Error('SOURCE_DATABASE_URL: is required and not set')
const rows = process.env.DEMO_DATA_ROWS ? Number(process.env.DEMO_DATA_ROWS) : undefined
await seedDemoData({ connectionString, rows, log: (line: string) => console.log(line) })
