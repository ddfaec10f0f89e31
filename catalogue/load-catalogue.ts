/** The report types of this installation: the demo's, the organisation's own, and those about the product itself. */

import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineReport, ReportDefinitionError, type ReportDefinition } from './define-report.ts'
import { foldedSql } from './folded-text.ts'
import { auditReport } from './product/audit-report.ts'
import { allRows } from './scope.ts'
import { joinSql, sql } from './sql.ts'

export interface Catalogue {
  /** The demo's types first, each folder in the order of its file names; those about the product last. */
  all(): readonly ReportDefinition[]
  get(key: string): ReportDefinition | undefined
}

/** What a file outside this package needs to define its type, passed to the function that it exports. */
export const reportToolkit = { defineReport, sql, joinSql, foldedSql, allRows } as const
/** @public */
export type ReportToolkit = typeof reportToolkit

/** A folder or file of report types is unusable; the message names the file and every fault. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError'
}

/** In every installation: what they tell of is there, whatever the source holds. */
const productTypes: readonly ReportDefinition[] = [auditReport]

const builtInFolder = join(import.meta.dirname, '../demo/report-types')

/** The types about the product alone: no file of REPORTS_DIR is loaded, for a process that has the product's database at hand. */
export function productCatalogue(): Promise<Catalogue> {
  return loadCatalogue({ builtIn: false })
}

/** The catalogue of an installation, as its environment says. */
export function installedCatalogue(environment: {
  REPORTS_DIR?: string
  DEMO_REPORT_TYPES: boolean
}): Promise<Catalogue> {
  return loadCatalogue({ extraFolder: environment.REPORTS_DIR, builtIn: environment.DEMO_REPORT_TYPES })
}

/**
 * Reads every `*.ts`, `*.js` and `*.mjs` of the folders (not tests, declarations, nor names that start with `_` or
 * `.`). Each default-exports a definition, or a function that gets the `ReportToolkit` and returns one.
 * @param options.extraFolder the organisation's own folder (`REPORTS_DIR`), added to the demo's types.
 * @param options.builtIn false leaves the demo's types out.
 * @throws CatalogueError naming the file at fault.
 */
export async function loadCatalogue(
  options: { extraFolder?: string; builtIn?: boolean } = {},
): Promise<Catalogue> {
  const { extraFolder, builtIn = true } = options
  const files = [
    ...(builtIn ? await reportFiles(builtInFolder) : []),
    ...(extraFolder ? await reportFiles(resolve(extraFolder)) : []),
  ]
  const definitions = new Map<string, ReportDefinition>()
  const origins = new Map(
    productTypes.map(({ key }) => [key, 'a type about the product itself: choose another']),
  )
  for (const file of files) {
    const definition = await readDefinition(file)
    const other = origins.get(definition.key)
    if (other !== undefined) {
      throw new CatalogueError(`${file}: the key "${definition.key}" is already the key of ${other}`)
    }
    definitions.set(definition.key, definition)
    origins.set(definition.key, file)
  }
  for (const definition of productTypes) definitions.set(definition.key, definition)
  const all = Object.freeze([...definitions.values()])
  return { all: () => all, get: (key) => definitions.get(key) }
}

async function reportFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new CatalogueError(`${folder}: the folder of report types cannot be read (REPORTS_DIR)`, { cause })
  })
  return names
    .filter((name) => /\.(ts|js|mjs)$/.test(name) && !/^[_.]|\.(test|spec|d)\.(ts|js|mjs)$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

async function readDefinition(file: string): Promise<ReportDefinition> {
  let exported: unknown
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default?: unknown }
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
