import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const compressible = 'assets/**/*.{js,css,svg,html,webmanifest}'
/** At their strongest: it is done once a build. */
const encoders = { br: promisify(brotliCompress), gz: promisify(gzip) }

/** Writes each built file compressed beside it, as `name.br` and `name.gz`. */
export async function compressFiles(folder: string): Promise<void> {
  for await (const name of glob(compressible, { cwd: folder })) {
    const file = join(folder, name)
    const body = await readFile(file)
    for (const [ending, encode] of Object.entries(encoders)) {
      await writeFile(`${file}.${ending}`, await encode(body))
    }
  }
}
