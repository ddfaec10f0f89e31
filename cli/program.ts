/**
 * The commands, their arguments and what they are for: help, completion and spelling suggestions are made of this tree.
 * What a command does is loaded when it is called, so that completion answers within a moment.
 */

import { Argument, Command, Option } from 'commander'
import complete from '@bomb.sh/tab/commander'
import type { Answer } from './answer.ts'
import type { PeopleCommand, PeopleOptions } from './run-people.ts'

type Act = (...given: never[]) => Promise<Answer>

/** @param show is given what each command answers. */
export function createProgram(show: (answer: Answer) => void): Command {
  const program = new Command('rapporteur')
    .description('Looks after an installation of Rapporteur')
    .option('--json', 'print JSON, for programs')
    .showSuggestionAfterError()
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
    .action(
      does(async (options: { strict?: boolean }) => {
        return await (await import('./doctor.ts')).doctor(process.env, options)
      }),
    )
  program
    .command('types')
    .description('the report types of this machine’s REPORTS_DIR')
    .command('check')
    .description('has the source EXPLAIN every column, filter and total of each type; for CI, too')
    .argument('[keys...]', 'only these types')
    .action(does(async (keys: string[]) => (await import('./check-types.ts')).checkTypes(process.env, keys)))
  addPeople(program, does)
  complete(program)
  return program
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
