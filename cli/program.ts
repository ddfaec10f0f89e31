/**
 * The commands, their arguments and what they are for: help, completion and spelling suggestions are made of this tree.
 * What a command does is loaded when it is called, so that completion answers within a moment.
 */

import { Argument, Command, Option } from 'commander'
import complete from '@bomb.sh/tab/commander'
import { reportStatuses } from '#domain/report-status.ts'
import { checkedParts } from '#services/checks/finding.ts'
import type { Answer } from './answer.ts'
import type { ApiClient, ApiOptions } from './connect-api.ts'
import type { DoctorOptions } from './doctor.ts'
import type { PeopleCommand, PeopleOptions } from './run-people.ts'
import type { ScheduleFilter } from './remote-schedules.ts'

type Act = (...given: never) => Promise<Answer>
type Does = (act: Act) => (this: Command, ...given: unknown[]) => Promise<void>

/** @param show is given what each command answers. */
export function createProgram(show: (answer: Answer) => void): Command {
  const program = new Command('rapporteur')
    .description('Looks after an installation of Rapporteur')
    .option('--json', 'print JSON, for programs')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  /** Arguments come before the options of the command and of those above it. */
  const does = (act: Act) =>
    async function (this: Command, ...given: unknown[]): Promise<void> {
      const args = given.slice(0, this.registeredArguments.length)
      show(await (act as (...all: unknown[]) => Promise<Answer>)(...args, this.optsWithGlobals()))
    }

  program
    .command('version')
    .description('the version of this copy')
    .action(does(async () => (await import('./version.ts')).tellVersion()))
  program
    .command('doctor')
    .description(
      'looks at each part of the installation that this machine’s variables name, and says what to do',
    )
    .option('--strict', 'end with 1 for warnings, too')
    .addOption(
      new Option(
        '--without <parts...>',
        'leaves these parts out, such as public_url where only browsers reach it',
      ).choices(checkedParts),
    )
    .action(
      does(async (options: DoctorOptions) => (await import('./doctor.ts')).doctor(process.env, options)),
    )
  program
    .command('types')
    .description('the report types of this machine’s REPORTS_DIR')
    .command('check')
    .description('has the source EXPLAIN every column, filter and total of each type; for CI, too')
    .argument('[keys...]', 'only these types')
    .action(does(async (keys: string[]) => (await import('./check-types.ts')).checkTypes(process.env, keys)))
  addRemote(program, does)
  addPeople(program, does)
  complete(program)
  return program
}

/** Commands on any installation, by its public API. */
function addRemote(program: Command, does: Does): void {
  type Remote<Given extends unknown[]> = (api: ApiClient, ...given: Given) => Promise<Answer>
  const asks = <Given extends unknown[]>(act: () => Promise<Remote<Given>>) => {
    const asked = async (...given: Given) => {
      const { connectApi } = await import('./connect-api.ts')
      const api = await connectApi(process.env, given.at(-1) as ApiOptions)
      return await (
        await act()
      )(api, ...given)
    }
    return does(asked)
  }
  const add = (parent: Command, name: string, words: string) =>
    parent
      .command(name)
      .description(words)
      .option('--url <url>', 'the installation (RAPPORTEUR_URL)')
      .option('--key-file <file>', 'a file with an API key, - for standard input (RAPPORTEUR_API_KEY)')
  const owner = () => new Option('--owner <id>', 'all, or a person’s id; your own unless given')
  const yes = () => new Option('--yes', 'do it; without, it is only said what would be done')

  add(program, 'status', 'what answers, what is due, what failed').action(
    asks(async () => (await import('./status.ts')).tellStatus),
  )
  add(program, 'metrics', 'counts, one a line').action(
    asks(async () => (await import('./status.ts')).tellMetrics),
  )

  const reports = program.command('reports').description('reports that were made, or are being made')
  const addReports = (name: string, words: string) =>
    add(reports, name, words)
      .option('--status <list>', `of ${reportStatuses.join(', ')}, by commas`)
      .option('--type <key>', 'of this report type')
      .addOption(owner())
      .option('--schedule <id>', 'of this scheduled report')
      .option('--since <moment>', 'requested since, such as 12h, 7d or 2026-11-29T08:00Z')
      .option('--limit <count>', 'at most so many, the newest')
  addReports('list', 'newest first').action(
    asks(async () => (await import('./remote-reports.ts')).listReports),
  )
  add(reports, 'show', 'one report, its steps and recipients')
    .argument('<number>')
    .action(asks(async () => (await import('./remote-reports.ts')).showReport))
  addReports('relaunch', 'goes on at the step that failed: these, or all that failed and a filter finds')
    .argument('[numbers...]')
    .addOption(yes())
    .option('--resend-uncertain', 'also write again to those who perhaps have it')
    .action(asks(async () => (await import('./remote-reports.ts')).relaunchReports))
  addReports('cancel', 'these, or all in progress that a filter finds')
    .argument('[numbers...]')
    .addOption(yes())
    .action(asks(async () => (await import('./remote-reports.ts')).cancelReports))

  const schedules = program.command('schedules').description('scheduled reports')
  const addSchedules = (name: string, words: string) =>
    add(schedules, name, words)
      .option('--q <text>', 'part of the name, the type or a recipient')
      .addOption(new Option('--status <status>').choices(['enabled', 'disabled', 'failed', 'owner_inactive']))
      .addOption(owner())
  addSchedules('list', 'newest first').action(
    asks(async () => (await import('./remote-schedules.ts')).listSchedules),
  )
  const actions = {
    pause: 'disables these, or all that a filter finds',
    resume: 'enables these, or all that a filter finds',
    run: 'runs these now, or all that a filter finds',
  } as const
  for (const [action, words] of Object.entries(actions)) {
    addSchedules(action, words)
      .argument('[names...]', 'ids, or names that only one has')
      .addOption(yes())
      .action(
        asks(async () => {
          const { actOnSchedules } = await import('./remote-schedules.ts')
          return (api, names: string[], options: ScheduleFilter & { yes?: boolean }) =>
            actOnSchedules(api, action as keyof typeof actions, names, options)
        }),
      )
  }
  add(schedules, 'backfill', 'runs the occurrences of a past period that have not run')
    .argument('<name>', 'an id, or a name that only one has')
    .requiredOption('--from <moment>', 'such as 2026-11-01')
    .requiredOption('--to <moment>', 'included')
    .option('--again', 'also those completed, each under a new N°')
    .addOption(yes())
    .action(asks(async () => (await import('./remote-schedules.ts')).backfillSchedule))

  const definitions = program.command('definitions').description('scheduled reports as files, kept in git')
  const scope = () => new Option('--owner <id>', 'only those of this person; all unless given')
  const prune = () => new Option('--prune', 'delete those that no file has')
  add(definitions, 'export', 'prints them as YAML')
    .addOption(scope())
    .action(asks(async () => (await import('./remote-definitions.ts')).exportDefinitions))
  add(definitions, 'diff', 'what apply would do; ends with 1 where something differs')
    .argument('<files...>', 'YAML, - for standard input')
    .addOption(scope())
    .addOption(prune())
    .action(asks(async () => (await import('./remote-definitions.ts')).diffDefinitions))
  add(definitions, 'apply', 'creates and changes what the files say otherwise')
    .argument('<files...>', 'YAML, - for standard input')
    .addOption(scope())
    .addOption(prune())
    .addOption(yes())
    .action(asks(async () => (await import('./remote-definitions.ts')).applyDefinitions))
}

function addPeople(
  program: Command,
  does: (act: Act) => (this: Command, ...given: unknown[]) => Promise<void>,
) {
  const people = program.command('people').description('accounts, in the database that DATABASE_URL names')
  const add = (name: PeopleCommand, words: string) =>
    people
      .command(name)
      .description(words)
      .action(
        does(async (...given: (string | string[] | undefined | PeopleOptions)[]) => {
          const options = given.pop() as PeopleOptions
          const args = given.flat().filter((one) => typeof one === 'string')
          return await (await import('./run-people.ts')).runPeople(name, args, options)
        }),
      )
  add('list', 'who has an account').argument('[text]', 'part of a name or an address')
  add('invite', 'opens an account and mails an invitation')
    .argument('<email>')
    .option('--name <name>', 'their name')
    .option('--admin', 'as an administrator')
    .option('--attribute <pair...>', 'NAME=VALUE, which limits rows')
  add('link', 'a link to choose a password, once, within 72 hours, where mails do not arrive').argument(
    '<email>',
  )
  add('role', 'changes a role')
    .argument('<email>')
    .addArgument(new Argument('<role>').choices(['admin', 'user']))
  add('attributes', 'replaces all attributes').argument('<email>').argument('[pairs...]', 'NAME=VALUE')
  add('allow-provider', 'the next sign-in by the identity provider becomes this account').argument('<email>')
  add('hand-over', 'gives all scheduled reports to another person')
    .argument('<email>', 'whose they are')
    .argument('<to>', 'whose they become')
    .addOption(new Option('--resume', 'and resumes those that were paused when their owner left'))
  add('deactivate', 'closes an account and pauses its scheduled reports').argument('<email>')
  add('reactivate', 'opens it again; paused scheduled reports stay paused').argument('<email>')
  add('anonymise', 'removes name and address, for good').argument('<email>')
}
