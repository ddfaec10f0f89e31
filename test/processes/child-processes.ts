import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface ChildProcess {
  pid: number
  /** Its command line. */
  command: string
}

/** The child processes that are still alive. */
export async function childProcesses(parent: number): Promise<ChildProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, itsParent]) => itsParent === String(parent))
    .map(([pid, , ...args]) => ({ pid: Number(pid), command: args.join(' ') }))
}

/** Process ids of the processes that make files for this one. */
export async function fileProcessIds(): Promise<number[]> {
  const children = await childProcesses(process.pid)
  return children.filter(({ command }) => command.includes('file-process.ts')).map(({ pid }) => pid)
}
