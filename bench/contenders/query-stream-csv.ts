import { pipeline } from 'node:stream'
import { stringify } from 'csv-stringify'
import { Client } from 'pg'
import QueryStream from 'pg-query-stream'
import { contend, plainUpload } from './contender.ts'

/** The usual way: pg-query-stream → csv-stringify, given its best: the database's text, rows as arrays. */
await contend(async (job) => {
  const client = new Client({ connectionString: job.sourceUrl })
  await client.connect()
  const rows = client.query(
    new QueryStream(job.sql, [], {
      rowMode: 'array',
      batchSize: 200,
      types: { getTypeParser: () => (text: string) => text },
    }),
  )
  const csv = stringify({
    header: true,
    columns: job.columns,
    delimiter: ';',
    bom: true,
    record_delimiter: 'windows',
  })
  pipeline(rows, csv, () => {})
  await plainUpload(job, csv)
  await client.end()
  // csv-stringify's own count, which its type leaves out; the header is not among the records.
  const { info } = csv as { info?: { records: number } }
  return { rows: info?.records }
})
