import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { readLocalSettings } from './settings.ts'

const example = parseEnv(readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8'))
const sourceOf = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

it('.env.example describes every variable that is read', () => {
  const read = [
    ...[
      'config/environment.ts',
      'config/smtp-variables.ts',
      'config/smtp-oauth-variables.ts',
      'config/storage-variables.ts',
      'local/settings.ts',
    ]
      .map(sourceOf)
      .join('')
      .matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm),
  ]
  const names = new Set(read.map(([, name]) => name))
  // The variables with the two secrets' demo values are counted twice, which does no harm.
  expect(names.size).toBeGreaterThan(40)
  expect([...names].filter((name) => !((name as string) in example))).toEqual([])
})

it('.env.example holds the defaults of `npm start`', () => {
  const { environment, embedded, folder, ...settings } = readLocalSettings(example)
  const bare = readLocalSettings({})
  expect({ environment, embedded, folder, ...settings, childEnvironment: {} }).toEqual({
    ...bare,
    childEnvironment: {},
  })
  expect(Object.values(embedded)).toEqual(Object.values(embedded).map(() => true))
})
