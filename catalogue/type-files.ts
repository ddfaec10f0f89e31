/**
 * What REPORTS_DIR holds at one moment. Every process of an installation works with the same files until all of them
 * change to others: a folder that is being edited changes nothing.
 */

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

export interface TypeFiles {
  /** Absolute; undefined without REPORTS_DIR. */
  folder: string | undefined
  /** Tells these files from others: the first twelve digits of a hash of their names and contents. */
  version: string
  /** Their text by absolute path, helper files included. */
  texts: ReadonlyMap<string, string>
}

/** What a type's file may import, besides packages. Packages, and what is outside the folder, stay as first loaded. */
const isRead = /\.([cm]?[jt]s|json)$/
const isLeftOut = /^(\.|node_modules$)/

/** @throws the file system's error when the folder or a file of it cannot be read. */
export async function readTypeFiles(folder: string | undefined): Promise<TypeFiles> {
  const absolute = folder === undefined ? undefined : resolve(folder)
  const texts = new Map<string, string>()
  if (absolute !== undefined) await readInto(texts, absolute)
  const hash = createHash('sha256')
  const from = absolute?.length ?? 0
  for (const [path, text] of texts) hash.update(`${path.slice(from)}\0${text}\0`)
  return { folder: absolute, version: hash.digest('hex').slice(0, 12), texts }
}

async function readInto(texts: Map<string, string>, folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !isLeftOut.test(name)).sort()
  for (const name of names) {
    const path = join(folder, name)
    if (isRead.test(name)) {
      texts.set(path, await readFile(path, 'utf8'))
      continue
    }
    // Links to folders, too: what Kubernetes mounts consists of links.
    await readInto(texts, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTDIR') throw error
    })
  }
}
