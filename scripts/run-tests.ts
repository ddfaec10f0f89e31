/** `npm test`: every test, or those whose files match the arguments. */

import { join } from 'node:path'
import { projectFolder } from '#local/settings.ts'

process.chdir(projectFolder)
process.argv = [process.execPath, 'vitest', 'run', ...process.argv.slice(2)]
await import(join(projectFolder, 'node_modules/vitest/vitest.mjs'))
