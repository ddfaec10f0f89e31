import { expect, it } from 'vitest'
import { isForeign } from './origins.ts'

it.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ origin: 'https://rapports.exemple.fr' }, false],
  [{ origin: 'https://rapports.exemple.fr:8443' }, true],
  [{ origin: 'http://rapports.exemple.fr' }, true],
  [{ origin: 'https://rapports.exemple.fr.evil.example' }, true],
  [{ origin: 'https://evil.example' }, true],
  [{ origin: 'https://evil.example', host: 'rapports.exemple.fr' }, true],
  [{ origin: 'null' }, true],
  [{ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, false],
  [{ origin: 'http://127.0.0.1:3001', host: '127.0.0.1:3000' }, true],
  [{ 'sec-fetch-site': 'cross-site' }, true],
  [{ 'sec-fetch-site': 'same-origin' }, false],
])('%j', (headers, foreign) => {
  expect(isForeign('https://rapports.exemple.fr/', new Headers(headers))).toBe(foreign)
})
