import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from '#local/ports.ts'
import { eventually } from '../eventually.ts'
import { installedProgram } from './installed-program.ts'

export interface PgBouncer {
  /** The database's address, by way of the pooler. */
  url: string
  stop(): Promise<void>
}

/**
 * A PgBouncer in transaction mode before the server of `url`, as it comes: startup parameters that it does not know are
 * refused. Fewer connections to the server than a test has clients.
 */
export async function startPgBouncer(url: string): Promise<PgBouncer> {
  const program = installedProgram('pgbouncer')
  const { hostname, port: serverPort, username, password } = new URL(url)
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-pgbouncer-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  await writeFile(join(folder, 'users.txt'), `"${username}" "${password}"\n`)
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 4
`,
  )
  // It refuses to be root.
  const nobody = process.getuid?.() === 0 ? accountOf('nobody') : {}
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    ...nobody,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killIt = () => child.kill('SIGKILL')
  process.once('exit', killIt)
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const pooled = new URL(url)
  pooled.port = String(port)
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}:\n${output}`)
      const client = new Client({ connectionString: pooled.href })
      client.on('error', () => {})
      return client.connect().then(
        () => client.end().then(() => true),
        () => false,
      )
    },
    (isUp) => isUp,
    { withinMs: 10_000 },
  )
  return {
    url: pooled.href,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      process.off('exit', killIt)
      await rm(folder, { recursive: true })
    },
  }
}

function accountOf(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}
