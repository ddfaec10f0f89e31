/** Builds the pages before the end-to-end files start the product side by side: two builds would empty each other's folder. */

import { execFileSync } from 'node:child_process'
import { projectFolder } from '#local/settings.ts'

export default function setup(): void {
  execFileSync(process.execPath, ['web/build.ts', '--if-changed'], { cwd: projectFolder, stdio: 'inherit' })
}
