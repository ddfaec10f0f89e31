import { Gauge, type Registry } from 'prom-client'
import type { FileProcesses } from '#files/process/file-processes.ts'

/** The processes that make this worker's files: how many, and what they held when they said so last. */
export function addFileProcessGauges(register: Registry, files: FileProcesses): void {
  const count = new Gauge({
    name: 'rapporteur_file_processes',
    help: 'Processes that make files for this worker, idle ones included',
    registers: [],
    collect() {
      this.set(files.memoryBytes().length)
    },
  })
  const memory = new Gauge({
    name: 'rapporteur_file_process_memory_bytes',
    help: 'Resident memory of these processes: of the largest, and of all together',
    labelNames: ['of'],
    registers: [],
    collect() {
      const held = files.memoryBytes()
      this.set({ of: 'largest' }, Math.max(0, ...held))
      this.set(
        { of: 'all' },
        held.reduce((sum, bytes) => sum + bytes, 0),
      )
    },
  })
  register.registerMetric(count)
  register.registerMetric(memory)
}
