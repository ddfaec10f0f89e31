import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'
import { openPools } from '#adapters/postgres/server-pool.ts'

/** Memory, event loop and garbage collection of this process, and its connections to databases. */
export function addProcessGauges(register: Registry): void {
  collectDefaultMetrics({ register })
  const connections = new Gauge({
    name: 'rapporteur_database_connections',
    help: 'Connections of this process by pool: in use, idle, and callers that wait for one',
    labelNames: ['pool', 'state'],
    registers: [],
    collect() {
      this.reset()
      for (const pool of openPools()) {
        const { purpose, totalCount, idleCount, waitingCount } = pool
        this.inc({ pool: purpose, state: 'used' }, totalCount - idleCount)
        this.inc({ pool: purpose, state: 'idle' }, idleCount)
        this.inc({ pool: purpose, state: 'waiting' }, waitingCount)
      }
    },
  })
  register.registerMetric(connections)
}
