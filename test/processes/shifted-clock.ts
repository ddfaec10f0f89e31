/** Loaded by `node --import`: shifts a process's clock by the milliseconds in the file that TEST_CLOCK_FILE names. */

import { readFileSync } from 'node:fs'

const machines = Date.now.bind(Date)
// A file's process inherits the option, not the variable.
const file = process.env['TEST_CLOCK_FILE']
const read = () => (file ? Number(readFileSync(file, 'utf8')) : 0)
let shiftMs = read()
setInterval(() => (shiftMs = read()), 50).unref()

Date.now = () => machines() + shiftMs
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [Date.now()], newTarget) as Date,
})
