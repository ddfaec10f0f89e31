/**
 * `npm run check`: what keeps a file easy to find. No two files of one name, no folder of more files than a person
 * takes in at a glance, no file so short that it is a stub of another one.
 */

import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, matchesGlob } from 'node:path'

const maxFilesInFolder = 20
const minLines = 20

/** Folders that may hold more: each file of theirs stands alone, and has nothing to be grouped by. */
const largeFolders = ['web/src/ui']

/** Short files that are whole, by the reason. */
const short = [
  // A context: the type alone, so that those who need it do not import how it is made.
  'activities/activity-context.ts',
  'services/service-context.ts',
  // What Temporal finds by file or is handed, and an activity that hands over to a service.
  'workflows/*.ts',
  '{contract/sandbox,services/temporal/sealed}-failures.ts',
  'activities/maintenance/reconcile-schedules.ts',
  'activities/temporal-logger.ts',
  // Commands: what another program starts.
  'scripts/record-histories.ts',
  'demo/**/seed*.ts',
  // Apart from an engine that takes a second to load.
  'prisma/known-migrations.ts',
  // A table of the benchmarks, and report types that are found by folder.
  'bench/shapes/**',
  'web/dev.ts',
  'web/compress-files.ts',
  'web/src/{base-path,main}.{ts,tsx}',
  // One rule or one piece of the kit, used by several files of which none owns it.
  'activities/maintenance/paced-heartbeat.ts',
  'api/dashboard/local-days.ts',
  'api/http/{origins,request-context}.ts',
  'api/people/apply-schedules.ts',
  'api/reports/started-report.ts',
  'cli/{answer,version}.ts',
  'config/{logger,unencoded-mark}.ts',
  'local/{npx.mjs,own-installation.ts,private-folder.ts}',
  'domain/{report-sort,text/storable-text}.ts',
  'domain/schemas/{configuration,problem}-schema.ts',
  'services/temporal/grpc-status.ts',
  'web/src/ui/**/*.{ts,tsx}',
  'test/**/*.ts',
]

/** The pages' words in the second language, file by file as in the first. */
const secondLanguage = 'web/src/locales/en/'

/** @param files paths from the project's root, with how many lines each has. @returns what is wrong, a line each. */
export function checkHouse(files: ReadonlyMap<string, number>): string[] {
  const code = [...files.keys()].filter((file) => !/\.(test|fixture)\.tsx?$/.test(file))
  const byName = Map.groupBy(
    code.filter((file) => !file.startsWith(secondLanguage)),
    (file) => basename(file),
  )
  const byFolder = Map.groupBy(code, dirname)
  const isListed = (file: string) => short.some((pattern) => matchesGlob(file, pattern))
  return [
    ...[...byName.values()]
      .filter((group) => group.length > 1)
      .map((group) => `${group.join(', ')}: the same name; name each after what it exports`),
    ...[...byFolder]
      .filter(([folder, group]) => group.length > maxFilesInFolder && !largeFolders.includes(folder))
      .map(
        ([folder, group]) => `${folder}: ${group.length} files, ${maxFilesInFolder} at most; make subfolders`,
      ),
    ...code
      .filter((file) => (files.get(file) ?? 0) < minLines && !isListed(file))
      .map(
        (file) =>
          `${file}: under ${minLines} lines; fold it into the file it serves, or list it with the reason`,
      ),
  ]
}

if (import.meta.main) {
  process.chdir(join(import.meta.dirname, '..'))
  const exclude = (path: string) => /^(node_modules|dist|client|\.\w+)$/.test(basename(path))
  const paths = globSync('**/*.{ts,tsx,mjs}', { exclude })
  const lines = (path: string) => readFileSync(path, 'utf8').split('\n').length - 1
  const faults = checkHouse(new Map(paths.map((path) => [path, lines(path)])))
  if (faults.length > 0) console.log(faults.join('\n'))
  process.exitCode = faults.length > 0 ? 1 : 0
}
