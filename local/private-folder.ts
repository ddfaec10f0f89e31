/** Folders of `npm start`: mails, reports, logs and databases in them concern nobody else on the machine. */

import { chmodSync, mkdirSync, statSync } from 'node:fs'

const sticky = 0o1000

/**
 * Creates the folder for its owner alone, and closes one that is there with wider rights. A shared folder such as
 * /tmp, which LOCAL_DIR may name, stays as it is.
 */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const { mode, uid } = statSync(path)
  const isOurs = process.getuid === undefined || process.getuid() === uid
  if (isOurs && (mode & sticky) === 0 && (mode & 0o077) !== 0) chmodSync(path, 0o700)
}
