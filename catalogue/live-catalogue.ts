/** The catalogue of a process that runs on while its report types change: checked whole, then swapped whole. */

import { filesOf, installedCatalogue, type Catalogue, type CatalogueSettings } from './load-catalogue.ts'
import type { TypeFiles } from './type-files.ts'

export interface LiveCatalogue extends Catalogue {
  /**
   * What the folder holds now.
   * @throws CatalogueError when it cannot be read.
   */
  read(): Promise<TypeFiles>
  /**
   * Uses these files from here on. The old types stay when it throws.
   * @throws CatalogueError naming the file at fault.
   */
  use(files: TypeFiles): Promise<void>
}

/** @throws CatalogueError: a process does not start with report types of which one is faulty. */
export async function openCatalogue(settings: CatalogueSettings): Promise<LiveCatalogue> {
  let current = await installedCatalogue(settings)
  return {
    all: () => current.all(),
    get: (key) => current.get(key),
    get files() {
      return current.files
    },
    read: () => filesOf(settings.REPORTS_DIR),
    async use(files) {
      if (files.version !== current.files.version) current = await installedCatalogue(settings, files)
    },
  }
}
