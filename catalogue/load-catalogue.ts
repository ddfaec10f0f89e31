/** The report types of this installation: the demo's, the organisation's own, and those about the product itself. */

import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StartError } from '#domain/start-error.ts'
import { defineReport, ReportDefinitionError, type ReportDefinition } from './define-report.ts'
import { foldedSql } from './folded-text.ts'
import { importTypeFile } from './import-type-file.ts'
import { auditReport } from './product/audit-report.ts'
import { allRows } from './scope.ts'
import { joinSql, sql } from './sql.ts'
import { readTypeFiles, type TypeFiles } from './type-files.ts'

export interface Catalogue {
  /** The demo's types first, each folder in the order of its file names; those about the product last. */
  all(): readonly ReportDefinition[]
  get(key: string): ReportDefinition | undefined
  /** The organisation's own files that it was made of. */
  readonly files: TypeFiles
}

/** The settings that say which types there are. */
export interface CatalogueSettings {
  REPORTS_DIR?: string
  DEMO_REPORT_TYPES: boolean
}

/** What a file outside this package needs to define its type, passed to the function that it exports. */
export const reportToolkit = { defineReport, sql, joinSql, foldedSql, allRows } as const
/** @public */
export type ReportToolkit = typeof reportToolkit

/** A folder or file of report types is unusable; the message names the file and every fault. */
export class CatalogueError extends StartError {
  override readonly name = 'CatalogueError'
}

/** In every installation: what they tell of is there, whatever the source holds. */
const productTypes: readonly ReportDefinition[] = [auditReport]

const builtInFolder = join(import.meta.dirname, '../demo/report-types')

/** The types about the product alone: no file of REPORTS_DIR is loaded, for a process that has the product's database at hand. */
export function productCatalogue(): Promise<Catalogue> {
  return loadCatalogue({ builtIn: false })
}

/**
 * The catalogue of an installation, as its environment says.
 * @param files those of REPORTS_DIR, read before; read now unless given.
 */
export function installedCatalogue(settings: CatalogueSettings, files?: TypeFiles): Promise<Catalogue> {
  return loadCatalogue({ extraFolder: settings.REPORTS_DIR, builtIn: settings.DEMO_REPORT_TYPES, files })
}

/**
 * Reads every `*.ts`, `*.js` and `*.mjs` of the folders (not tests, declarations, nor names that start with `_` or
 * `.`). Each default-exports a definition, or a function that gets the `ReportToolkit` and returns one.
 * @param options.extraFolder the organisation's own folder (`REPORTS_DIR`), added to the demo's types.
 * @param options.builtIn false leaves the demo's types out.
 * @param options.files the organisation's own folder, read before.
 * @throws CatalogueError naming the file at fault.
 */
export async function loadCatalogue(
  options: { extraFolder?: string; builtIn?: boolean; files?: TypeFiles } = {},
): Promise<Catalogue> {
  const { extraFolder, builtIn = true, files = await filesOf(extraFolder) } = options
  const own = [...files.texts.keys()].filter((path) => dirname(path) === files.folder && isTypeFile(path))
  const definitions = new Map<string, ReportDefinition>()
  const origins = new Map(
    productTypes.map(({ key }) => [key, 'a type about the product itself: choose another']),
  )
  const add = async (file: string, load: () => Promise<{ default?: unknown }>) => {
    const definition = await readDefinition(file, load)
    const other = origins.get(definition.key)
    if (other !== undefined) {
      throw new CatalogueError(`${file}: the key "${definition.key}" is already the key of ${other}`)
    }
    definitions.set(definition.key, definition)
    origins.set(definition.key, file)
  }
  for (const file of builtIn ? await builtInFiles() : []) {
    await add(
      file,
      () => import(/* @vite-ignore */ pathToFileURL(file).href) as Promise<{ default?: unknown }>,
    )
  }
  for (const file of own) await add(file, () => importTypeFile(files, file))
  for (const definition of productTypes) definitions.set(definition.key, definition)
  const all = Object.freeze([...definitions.values()])
  return { all: () => all, get: (key) => definitions.get(key), files }
}

async function builtInFiles(): Promise<string[]> {
  return (await readdir(builtInFolder))
    .filter(isTypeFile)
    .sort()
    .map((name) => join(builtInFolder, name))
}

function isTypeFile(path: string): boolean {
  const name = basename(path)
  return /\.(ts|js|mjs)$/.test(name) && !/^[_.]|\.(test|spec|d)\.(ts|js|mjs)$/.test(name)
}

/** @throws CatalogueError when the folder cannot be read. */
export function filesOf(folder: string | undefined): Promise<TypeFiles> {
  return readTypeFiles(folder).catch((cause: unknown) => {
    throw new CatalogueError(
      `REPORTS_DIR: the folder ${folder} of report types cannot be read (${wordOf(cause)})`,
      { cause },
    )
  })
}

function wordOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}

async function readDefinition(
  file: string,
  load: () => Promise<{ default?: unknown }>,
): Promise<ReportDefinition> {
  let exported: unknown
  try {
    const module = await load()
    exported = typeof module.default === 'function' ? module.default(reportToolkit) : module.default
  } catch (cause) {
    if (cause instanceof ReportDefinitionError)
      throw new CatalogueError(`${file}: ${cause.message}`, { cause })
    throw new CatalogueError(`${file}: cannot be loaded: ${String(cause)}`, { cause })
  }
  if (exported === undefined) {
    throw new CatalogueError(
      `${file}: has no default export (export default defineReport({ … }) in ${basename(file)})`,
    )
  }
  try {
    return defineReport(exported as ReportDefinition)
  } catch (cause) {
    throw new CatalogueError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
