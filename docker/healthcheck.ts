/**
 * The image's HEALTHCHECK, one for all its commands: `node docker/healthcheck.ts [COMMAND]`, by default that of the
 * container's first process. Exit code 0 is healthy, 1 is not.
 */

import { readFileSync } from 'node:fs'

const { PORT, WORKER_HEALTH_PORT } = process.env
/** By what the first process is called, before and after docker/entrypoint.sh. */
const probes = [
  { commands: ['api', 'api/server.ts'], port: PORT || '3000' },
  { commands: ['worker', 'activities/worker.ts'], port: WORKER_HEALTH_PORT },
]

const running = process.argv[2] ? [process.argv[2]] : readFileSync('/proc/1/cmdline', 'utf8').split('\0')
const probe = probes.find(({ commands }) => commands.some((command) => running.includes(command)))
// The other commands end by themselves; a worker without a port to be asked at lives as long as its container.
if (probe?.port) {
  const isReady = await fetch(`http://127.0.0.1:${probe.port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
  process.exitCode = isReady ? 0 : 1
}
