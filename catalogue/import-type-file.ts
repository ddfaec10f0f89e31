/**
 * Imports the files of one snapshot of REPORTS_DIR, from their text as it was read, whatever the folder holds by now.
 * Node keeps each module under its URL for the life of the process, so the version is a part of the URL, and of that of
 * every file of the folder that such a module imports.
 */

import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Snapshot {
  version: string
  texts: ReadonlyMap<string, string>
}

const parameter = 'catalogue'
const snapshots = new Map<string, Snapshot>()
let isHooked = false

/** @param path of a file of the snapshot. */
export async function importTypeFile(snapshot: Snapshot, path: string): Promise<{ default?: unknown }> {
  if (!isHooked) hook()
  isHooked = true
  snapshots.set(snapshot.version, snapshot)
  // CommonJS has a cache of its own, by path alone.
  const { cache } = createRequire(import.meta.url)
  for (const file of snapshot.texts.keys()) delete cache[file]
  return (await import(urlOf(path, snapshot))) as { default?: unknown }
}

function hook(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const snapshot = snapshotOf(context.parentURL)
      // Those of the snapshot need not be in the folder any more.
      if (snapshot && /^\.{0,2}\//.test(specifier)) {
        const path = fileURLToPath(new URL(specifier, context.parentURL))
        if (snapshot.texts.has(path)) return { url: urlOf(path, snapshot), shortCircuit: true }
      }
      if (snapshotOf(specifier)) return { url: specifier, shortCircuit: true }
      return next(specifier, context)
    },
    load(url, context, next) {
      const path = snapshotOf(url) && fileURLToPath(url)
      const source = path && snapshotOf(url)?.texts.get(path)
      if (path === undefined || source === undefined) return next(url, context)
      return { format: formatOf(path, source), source, shortCircuit: true }
    },
  })
}

function urlOf(path: string, { version }: Snapshot): string {
  const url = pathToFileURL(path)
  url.searchParams.set(parameter, version)
  return url.href
}

function snapshotOf(url: string | undefined): Snapshot | undefined {
  if (!url?.startsWith('file:') || !url.includes(`?${parameter}=`)) return undefined
  return snapshots.get(new URL(url).searchParams.get(parameter) ?? '')
}

/** As Node tells them apart, without the nearest package.json. */
function formatOf(path: string, source: string): string {
  if (path.endsWith('.json')) return 'json'
  const isModule =
    /\.m[jt]s$/.test(path) || (!/\.c[jt]s$/.test(path) && /^\s*(import|export)\b/m.test(source))
  const format = isModule ? 'module' : 'commonjs'
  return path.endsWith('ts') ? `${format}-typescript` : format
}
