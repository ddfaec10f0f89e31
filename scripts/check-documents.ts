/**
 * `npm run check`: the index of the decisions says what the records say, and links and file names in Markdown files
 * lead somewhere. `node scripts/check-documents.ts --write` writes the index's table anew from the records.
 */

import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const decisions = 'docs/decisions'
const indexPath = `${decisions}/README.md`
const fileName = /^[\w./-]*\w\.(ts|tsx|mjs|md|sql|sh|yaml|prisma)$/
const tableHead = '| no. | decision | status | date |\n|---|---|---|---|\n'

/** Faults of the index and the records, by their texts: `documents` maps a path from the project's root to its text. */
export function checkDecisionIndex(documents: Map<string, string>): string[] {
  const faults: string[] = []
  for (const path of recordPaths(documents)) {
    if (!parseRecord(path, documents.get(path) ?? '')) {
      faults.push(
        `${path}: begins with "# NNNN · Title" and, two lines on, "**Status:** accepted · YYYY-MM-DD"`,
      )
    }
  }
  if (faults.length === 0 && documents.get(indexPath) !== indexWith(documents)) {
    faults.push(`${indexPath}: differs from the records; run node scripts/check-documents.ts --write`)
  }
  return faults
}

/** Relative links that name no file, or a heading that its file does not have. `exists` is asked of paths. */
export function checkLinks(documents: Map<string, string>, exists: (path: string) => boolean): string[] {
  const faults: string[] = []
  for (const [path, text] of documents) {
    const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '')
    for (const [, link = ''] of prose.matchAll(/\]\(([^()\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : normalize(join(dirname(path), file))
      const targetText = documents.get(target)
      if (!exists(target)) faults.push(`${path}: ${link} names no file`)
      else if (anchor !== undefined && targetText !== undefined && !anchorsOf(targetText).has(anchor)) {
        faults.push(`${path}: ${link} names no heading of ${target}`)
      }
    }
  }
  return faults
}

/**
 * Files named in code spans that do not exist, by the end of their path. A record that is superseded keeps the names
 * of its time.
 */
export function checkFileNames(documents: Map<string, string>, files: readonly string[]): string[] {
  const exists = (name: string) => files.some((file) => file === name || file.endsWith(`/${name}`))
  return [...documents].flatMap(([path, text]) => {
    if (/^\*\*Status:\*\* superseded/m.test(text)) return []
    const spans = text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]*)`/g)
    const names = [...spans].flatMap(([, span = '']) => span.split(' ')).filter((word) => fileName.test(word))
    return names.filter((name) => !exists(name)).map((name) => `${path}: there is no ${name}`)
  })
}

/** The anchors that GitHub gives a text's headings. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of text.replace(/^```.*?^```/gms, '').matchAll(/^#{1,6} +(.+)$/gm)) {
    const words = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
    const slug = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

function recordPaths(documents: Map<string, string>): string[] {
  return [...documents.keys()].filter((path) => /^docs\/decisions\/\d/.test(path)).sort()
}

function parseRecord(path: string, text: string): string | null {
  const [, number, title, status, date] =
    /^# (\d{4}) · (.+)\n\n\*\*Status:\*\* (.+) · (\d{4}-\d\d-\d\d)\n/.exec(text) ?? []
  const file = path.slice(decisions.length + 1)
  return number && file.startsWith(`${number}-`)
    ? `| ${number} | [${title}](${file}) | ${status} | ${date} |\n`
    : null
}

function indexWith(documents: Map<string, string>): string {
  const [before = ''] = (documents.get(indexPath) ?? '').split(tableHead)
  const rows = recordPaths(documents).map((path) => parseRecord(path, documents.get(path) ?? '') ?? '')
  return before + tableHead + rows.join('')
}

if (import.meta.main) {
  process.chdir(join(import.meta.dirname, '..'))
  const files = globSync('**/*', { exclude: (path) => /^(node_modules|dist|\.\w+)$/.test(path) })
  const paths = files.filter((path) => path.endsWith('.md'))
  const documents = new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
  if (process.argv.includes('--write')) {
    documents.set(indexPath, indexWith(documents))
    writeFileSync(indexPath, indexWith(documents))
  }
  const faults = [...checkDecisionIndex(documents), ...checkLinks(documents, existsSync)]
  faults.push(...checkFileNames(documents, files))
  if (faults.length > 0) console.log(faults.join('\n'))
  process.exitCode = faults.length > 0 ? 1 : 0
}
