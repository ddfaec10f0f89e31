import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../eventually.ts'
import { installedProgram } from './installed-program.ts'

/** One `server` of nginx, on an address of this machine. */
interface Site {
  port: number
  /** What stands in its `server { }`. */
  directives: string
}

/** A real nginx before something else, as the distribution ships it. */
export async function startNginx(sites: readonly Site[]): Promise<{ stop(): Promise<void> }> {
  const program = installedProgram('nginx')
  const folder = await mkdtemp(join(tmpdir(), 'rapporteur-nginx-'))
  await mkdir(join(folder, 'temp'))
  const file = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  // One process, so that its end is that of all.
  await writeFile(
    file,
    `daemon off;
master_process off;
pid ${join(folder, 'nginx.pid')};
error_log stderr warn;
events { }
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${join(folder, 'temp', name)};`).join('\n')}
${sites.map(({ port, directives }) => `  server {\n    listen 127.0.0.1:${port};\n${directives}\n  }`).join('\n')}
}
`,
  )
  const child = spawn(program, ['-p', folder, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killIt = () => child.kill('SIGKILL')
  process.once('exit', killIt)
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  for (const { port } of sites) {
    await eventually(
      async () => {
        if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}:\n${output}`)
        return await answersAt(port)
      },
      (isUp) => isUp,
      { withinMs: 20_000 },
    )
  }
  return {
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      process.off('exit', killIt)
      await rm(folder, { recursive: true })
    },
  }
}

async function answersAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isUp = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isUp
}
