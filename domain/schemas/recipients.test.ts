import { describe, expect, it } from 'vitest'
import {
  isEmailAddress,
  mergeAddresses,
  recipientIssues,
  recipientRefusal,
  recipientsSchema,
  type RecipientRules,
} from './recipients.ts'

describe('an address', () => {
  it.each([
    'a@b.fr',
    'prenom.nom+rapports@sous.domaine.exemple.fr',
    "o'neil@example.com",
    'x@xn--bcher-kva.example',
    'A_B-c=d@EXAMPLE.Museum',
    `${'x'.repeat(64)}@example.com`,
  ])('%s is one', (text) => expect(isEmailAddress(text)).toBe(true))

  it.each([
    '',
    '@',
    'a',
    'a@',
    '@b.fr',
    'a@b',
    'a@b.c',
    'a@b..fr',
    'a@.fr',
    'a@-b.fr',
    'a@b-.fr',
    'a@b.123',
    '.a@b.fr',
    'a.@b.fr',
    'a..b@b.fr',
    'a b@b.fr',
    'a@b .fr',
    'a@b.fr,c@d.fr',
    'a@b.fr;c@d.fr',
    'A <a@b.fr>',
    'a@b@c.fr',
    'é@b.fr',
    'a@bücher.example',
    'a@b.fr\n',
    'a@[127.0.0.1]',
    '"a b"@b.fr',
    '"a"@b.fr',
    // Routes through a server to another one.
    'victim%other.test@b.fr',
    'other.test!victim@b.fr',
    '@b.fr,@c.fr:victim@other.test',
    '/c=fr/a=x/s=victim/@b.fr',
    // Programs and files, where an alias hands the local part on.
    '|mail@b.fr',
    '`id`@b.fr',
    '-oQ@b.fr',
    `${'x'.repeat(65)}@example.com`,
    `a@${'x'.repeat(64)}.com`,
    `a@${'x.'.repeat(126)}com`,
  ])('%j is none', (text) => expect(isEmailAddress(text)).toBe(false))

  it('a hostile one is refused at once', () => {
    const startedAt = performance.now()
    expect(isEmailAddress(`${'a.'.repeat(50_000)}@`)).toBe(false)
    expect(isEmailAddress(`${'a'.repeat(200)}!@${'a-'.repeat(100)}`)).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(100)
  })
})

it('addresses are trimmed and count once, the first spelling kept, in order', () => {
  expect(recipientsSchema.parse([' B@x.fr', 'a@x.fr ', 'b@X.fr'])).toEqual(['B@x.fr', 'a@x.fr'])
  expect(mergeAddresses([])).toEqual([])
})

it('150 of which 75 differ are 75', () => {
  const list = Array.from({ length: 150 }, (_, index) => {
    const address = `P${index % 75}@x.fr`
    return index < 75 ? address : ` ${address.toLowerCase()} `
  })
  const different = list.slice(0, 75)
  expect(recipientsSchema.parse(list)).toEqual(different)
  expect(mergeAddresses(list)).toEqual(different)
})

it('1 to 100 of them', () => {
  const many = Array.from({ length: 101 }, (_, index) => `p${index}@x.fr`)
  expect(recipientsSchema.safeParse(many.slice(0, 100)).success).toBe(true)
  expect(recipientsSchema.safeParse(many).success).toBe(false)
  expect(recipientsSchema.safeParse([]).success).toBe(false)
})

describe('who may be written to', () => {
  const rules: RecipientRules = {
    allowedDomains: [],
    ownDomains: ['x.fr', 'y.fr'],
    accounts: new Set(['collegue@ailleurs.fr']),
    mayWriteOutside: false,
    ownAddress: 'Moi@chez-moi.fr',
  }
  const cases = [
    'a@x.fr',
    'b@Y.fr',
    'c@sub.x.fr',
    'd@evilx.fr',
    'Collegue@ailleurs.fr',
    'moi@chez-moi.fr',
    'v%z.fr@x.fr',
  ]

  it.each([
    ['the organisation’s domains, accounts and oneself', {}, [null, null, 'outside', 'outside', null, null]],
    ['all, for those who may write outside', { mayWriteOutside: true }, [null, null, null, null, null, null]],
    [
      'RECIPIENT_DOMAINS alone and oneself, whoever writes',
      { mayWriteOutside: true, allowedDomains: ['y.fr'] },
      ['not_allowed', null, 'not_allowed', 'not_allowed', 'not_allowed', null],
    ],
  ] as const)('%s', (_title, change, verdicts) => {
    const seen = cases.map((address) => recipientRefusal(address, { ...rules, ...change }))
    expect(seen).toEqual([...verdicts, 'not_an_address'])
  })

  it('issues name the place', () => {
    expect(recipientIssues(cases, rules).map(({ path }) => path)).toEqual([
      'recipients.2',
      'recipients.3',
      'recipients.6',
    ])
  })
})
