/** The inbox that catches all mail of this machine. */

import { fileURLToPath } from 'node:url'
import type { PartDefinition } from '../part.ts'

export interface InboxOptions {
  smtpPort: number
  webPort: number
  /** Mails are kept there between runs. */
  folder: string
}

export function inboxPart({ smtpPort, webPort, folder }: InboxOptions): PartDefinition {
  return {
    name: 'smtp',
    title: 'The inbox',
    file: process.execPath,
    args: [
      fileURLToPath(new URL('../inbox-server.ts', import.meta.url)),
      String(smtpPort),
      String(webPort),
      folder,
    ],
    env: process.env,
    isReady: async ({ signal }) => {
      const answer = await fetch(`http://127.0.0.1:${webPort}/api/email`, { signal })
      if (!answer.ok) throw new Error(`/api/email answered ${answer.status}`)
    },
    readyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
  }
}
