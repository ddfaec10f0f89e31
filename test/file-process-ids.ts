import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Process ids of the processes that make files for this one. */
export async function fileProcessIds(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) => parent === String(process.pid) && args.join(' ').includes('file-process.ts'),
    )
    .map(([pid]) => Number(pid))
}
