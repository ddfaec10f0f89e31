/** `npm start`: the whole product on this machine, under one supervisor. */

import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '#domain/start-error.ts'
import { openCatalogue } from '#catalogue/live-catalogue.ts'
import { findBusyPort, findSharedPort } from './ports.ts'
import { privateFolder } from './private-folder.ts'
import { forgetSupervisor, rememberSupervisor, runningSupervisor, stopLeftovers } from './run-files.ts'
import { loadVariablesFile, portsNeeded, readLocalSettings, type LocalSettings } from './settings.ts'
import { Supervisor } from './supervisor.ts'
import { welcome } from './welcome.ts'

const repeatedSignalMs = 2_000
const parentCheckMs = 500

await main()

async function main(): Promise<void> {
  const settings = settingsOrExit()
  const runFolder = join(settings.folder, 'run')

  openFolder(settings.folder)
  await checkReportTypes(settings)
  const other = runningSupervisor(runFolder)
  if (other === null) await stopLeftovers(runFolder, say)
  const shared = findSharedPort(portsNeeded(settings))
  if (shared !== null) {
    const { use, other: first } = shared
    exit(
      `${use.variable}: ${use.port} for ${use.title} is ${first.variable}, too, for ${first.title}: set another port.`,
    )
  }
  const busy = await findBusyPort(portsNeeded(settings))
  if (busy !== null) {
    const by =
      other === null ? 'another program' : `Rapporteur, already started from this folder (pid ${other})`
    exit(
      `Port ${busy.port} for ${busy.title} is in use by ${by}: stop it, or set ${busy.variable} to another port.`,
    )
  }
  if (other !== null) {
    exit(
      `Rapporteur already runs from ${settings.folder} (pid ${other}): stop it, or set LOCAL_DIR to another folder.`,
    )
  }
  rememberSupervisor(runFolder)

  const supervisor = new Supervisor(settings, say)
  stopOnSignals(supervisor, runFolder)
  try {
    await supervisor.start()
    say(welcome(settings))
    say(`Rapporteur is ready: http://localhost:${settings.port}`)
  } catch (error) {
    // A stop asked for while starting makes everything fail; the signal's handler says what happens.
    if (supervisor.isStopping) return
    say(`\n${error instanceof Error ? error.message : String(error)}\n`)
    await supervisor.stop()
    forgetSupervisor(runFolder)
    process.exit(1)
  }
}

function settingsOrExit(): LocalSettings {
  loadVariablesFile()
  try {
    return readLocalSettings(process.env)
  } catch (error) {
    if (error instanceof StartError) exit(error.message)
    throw error
  }
}

function openFolder(folder: string): void {
  try {
    privateFolder(folder)
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    exit(
      `LOCAL_DIR: the folder ${folder} cannot be written to (${why}): set another, or give this user the right.`,
    )
  }
}

/** Before anything starts: the API and the workers would end with the same words, each after what they need. */
async function checkReportTypes({ environment }: LocalSettings): Promise<void> {
  try {
    await openCatalogue(environment)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    exit(error.message)
  }
}

/** One Ctrl-C of a terminal may arrive twice (npm passes it on too): only a later one asks to kill the parts. */
function stopOnSignals(supervisor: Supervisor, runFolder: string): void {
  let firstAt = 0
  const stop = (signal: NodeJS.Signals) => {
    if (firstAt === 0) {
      firstAt = Date.now()
      say(`\n${signal}: stopping every part …`)
      void supervisor.stop().then(() => {
        forgetSupervisor(runFolder)
        say('Stopped.')
        process.exit(0)
      })
    } else if (Date.now() - firstAt > repeatedSignalMs) {
      say('Killing what is left.')
      supervisor.kill()
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // Under npm, a parent that is gone was killed without a chance to pass the signal on.
  const parent = process.ppid
  const watch = () => {
    if (process.ppid !== parent && firstAt === 0) stop('SIGHUP')
  }
  if (process.env.npm_lifecycle_event !== undefined) setInterval(watch, parentCheckMs).unref()
  // `npm start | head`: without a reader the product still runs, and still stops cleanly.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}

function say(text: string): void {
  console.log(text)
}

function exit(text: string): never {
  console.error(text)
  process.exit(1)
}
