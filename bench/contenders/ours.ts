import { createSource } from '#adapters/source.ts'
import { createStorage } from '#adapters/storage.ts'
import receptionTicket from '#reports/types/reception-ticket.ts'
import { writeReportFile } from '#activities/files/write-report-file.ts'
import { contend } from './contender.ts'

await contend(async (job) => {
  const source = createSource({ connectionString: job.sourceUrl, statementTimeoutMs: 3_600_000 })
  const storage = createStorage(job.storage)
  const written = await writeReportFile({
    definition: receptionTicket,
    format: job.format === 'csv' ? 'csv' : 'excel',
    columns: job.columns,
    filters: {},
    viewer: job.viewer,
    timeZone: job.timeZone,
    locale: 'fr',
    about: {
      number: 1,
      title: receptionTicket.title.fr,
      requestedBy: 'Bench',
      generatedAt: new Date(),
      filters: [],
    },
    source,
    storage,
    key: job.key,
  })
  await source.close()
  storage.close()
  return { rows: written.rowCount, size_bytes: written.sizeBytes }
})
