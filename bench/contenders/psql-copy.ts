import { spawn } from 'node:child_process'
import { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { contend, plainUpload, type ContenderJob } from './contender.ts'

/** psql's `\copy … TO STDOUT` into a plain Upload; without psql, COPY passed through pg-copy-streams. */
await contend(async (job) => {
  const note = await withPsql(job)
  return { note }
})

async function withPsql(job: ContenderJob): Promise<string> {
  const oneLine = job.sql.replaceAll(/\s+/g, ' ')
  const command = `\\copy (${oneLine}) TO STDOUT WITH (FORMAT csv, HEADER)`
  const psql = spawn('psql', [job.sourceUrl, '--no-psqlrc', '--command', command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    psql.once('error', reject)
    psql.once('close', resolve)
  })
  try {
    const [code] = await Promise.all([ended, plainUpload(job, psql.stdout)])
    if (code !== 0) throw new Error(`psql ended with code ${code}`)
    return 'psql; its own memory is not counted'
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    await withCopyStream(job)
    return 'there is no psql here: COPY passed through pg-copy-streams'
  }
}

async function withCopyStream(job: ContenderJob): Promise<void> {
  const client = new Client({ connectionString: job.sourceUrl })
  await client.connect()
  await plainUpload(job, client.query(copyTo(`COPY (${job.sql}) TO STDOUT WITH (FORMAT csv, HEADER)`)))
  await client.end()
}
