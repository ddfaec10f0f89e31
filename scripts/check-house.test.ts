import { expect, it } from 'vitest'
import { checkHouse } from './check-house.ts'

const whole = 60

it('finds nothing where each file has a name and a length of its own', () => {
  expect(
    checkHouse(
      new Map([
        ['api/app.ts', whole],
        ['domain/locale.ts', whole],
      ]),
    ),
  ).toEqual([])
})

it('refuses two files of one name in different folders, tests aside', () => {
  const files = ['api/reports/list.ts', 'services/list.ts', 'api/a.test.ts', 'services/a.test.ts']
  expect(checkHouse(new Map(files.map((file) => [file, whole])))).toEqual([
    'api/reports/list.ts, services/list.ts: the same name; name each after what it exports',
  ])
})

it('takes the two languages of the pages as one file', () => {
  const files = ['web/src/locales/fr/data.ts', 'web/src/locales/en/data.ts']
  expect(checkHouse(new Map(files.map((file) => [file, whole])))).toEqual([])
})

it('refuses a folder of 21 files, its tests not counted', () => {
  const files = (count: number) =>
    new Map(Array.from({ length: count }, (_, index) => [`api/file-${index}.ts`, whole] as const))
  expect(checkHouse(new Map([...files(20), ['api/one.test.ts', whole]]))).toEqual([])
  expect(checkHouse(files(21))).toEqual(['api: 21 files, 20 at most; make subfolders'])
})

it('refuses a file of 19 lines that is not listed', () => {
  expect(checkHouse(new Map([['api/stub.ts', 19]]))).toEqual([
    'api/stub.ts: under 20 lines; fold it into the file it serves, or list it with the reason',
  ])
  expect(checkHouse(new Map([['config/logger.ts', 8]]))).toEqual([])
})
