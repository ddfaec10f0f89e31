/** `rapporteur` in a clone: without variables that say otherwise, it looks after what `npm start` runs here. */

import { runRapporteur } from '#cli/rapporteur.ts'
import { configurationExitCode, StartError } from '#domain/start-error.ts'
import { loadVariablesFile, localSettings } from './settings.ts'

loadVariablesFile()
try {
  const { childEnvironment, port } = localSettings(process.env)
  Object.assign(process.env, childEnvironment)
  process.env['RAPPORTEUR_URL'] ||= `http://localhost:${port}`
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(configurationExitCode)
}
await runRapporteur(process.argv.slice(2))
