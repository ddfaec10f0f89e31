/**
 * `npm run complete-lock`: adds to package-lock.json the optional packages of other systems that npm left out, so
 * that `npm ci` works on every one of them. npm forgets them when it installs over an existing node_modules
 * (npm/cli#4828), or when its registry does not offer them yet.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface LockEntry {
  version?: string
  optional?: boolean
  dev?: boolean
  cpu?: string[]
  os?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

export interface Lockfile {
  packages: Record<string, LockEntry>
}

const systems = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
}
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32']

/** The optional dependencies of locked packages that are locked nowhere: where they belong, and at which version. */
export function missingOptionalPackages({
  packages,
}: Lockfile): { path: string; owner: string; name: string; version: string }[] {
  return Object.entries(packages).flatMap(([owner, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => owner !== '' && !isLocked(packages, owner, name))
      .map(([name, version]) => ({ path: `node_modules/${name}`, owner, name, version })),
  )
}

/** Looked up as Node does: beside the package, then in each folder above. */
function isLocked(packages: Lockfile['packages'], owner: string, name: string): boolean {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder}${folder === '' ? '' : '/'}node_modules/${name}`] !== undefined) return true
    if (folder === '') return false
  }
}

/** @throws Error for a package whose name does not tell its system. */
export function completeLock(lock: Lockfile): number {
  const missing = missingOptionalPackages(lock)
  for (const { path, owner, name, version } of missing) {
    if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) throw new Error(`${name}@${version}: not an exact version`)
    lock.packages[path] = {
      version,
      ...(lock.packages[owner]?.dev ? { dev: true } : {}),
      optional: true,
      ...systemOf(name),
    }
  }
  const sorted = Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1))
  if (missing.length > 0) lock.packages = Object.fromEntries(sorted)
  return missing.length
}

function systemOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/)
  const os = Object.entries(systems).find(([word]) => words.includes(word))?.[1]
  const cpu = processors.find((word) => words.includes(word))
  // WebAssembly builds are for any system.
  if (cpu === 'wasm32') return { cpu: [cpu] }
  if (os === undefined || cpu === undefined)
    throw new Error(`${name}: its name does not say for which system it is`)
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc !== undefined ? { libc: [libc] } : {}) }
}

export const lockFile = join(import.meta.dirname, '..', 'package-lock.json')

if (process.argv[1] === import.meta.filename) {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lockfile
  console.log(`${completeLock(lock)} packages added to package-lock.json`)
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`)
}
