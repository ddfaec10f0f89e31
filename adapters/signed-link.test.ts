import { describe, expect, it } from 'vitest'
import { createLinkSigner } from './signed-link.ts'

const secret = 'a-secret-of-thirty-two-characters-or-more'
const recipient = 'awa.diallo+école@ecole.test'
const at = new Date('2026-11-02T08:00:00Z')
const inAWeek = new Date('2026-11-09T08:00:00Z')

describe('createLinkSigner', () => {
  const signer = createLinkSigner([secret], () => at)

  it('verifies and returns what was signed', async () => {
    const claims = { number: 42, recipient, generation: '3.1.0', expiresAt: inAWeek }
    const token = await signer.sign({ purpose: 'download', ...claims })
    expect(await signer.verify(token, 'download')).toEqual({ ok: true, claims })
  })

  it('accepts an unsubscribe link without an expiry ten years later', async () => {
    const token = await signer.sign({ purpose: 'unsubscribe', number: 42, recipient })
    const inTenYears = createLinkSigner([secret], () => new Date('2036-11-02T08:00:00Z'))
    expect(await inTenYears.verify(token, 'unsubscribe')).toEqual({
      ok: true,
      claims: { number: 42, recipient, generation: null, expiresAt: null },
    })
  })

  it('returns expired, with the N°, for an old link', async () => {
    const token = await signer.sign({ purpose: 'download', number: 42, recipient, expiresAt: inAWeek })
    const later = createLinkSigner([secret], () => new Date('2026-11-09T08:00:01Z'))
    expect(await later.verify(token, 'download')).toMatchObject({ reason: 'expired', claims: { number: 42 } })
  })

  it('reads what a secret before the present one sealed, and seals with the present one', async () => {
    const present = `${secret}!`
    const both = createLinkSigner([present, secret], () => at)
    const link = { purpose: 'unsubscribe', number: 7, recipient: 'a@exemple.fr' } as const
    const old = await createLinkSigner([secret], () => at).sign(link)
    expect(await both.verify(old, 'unsubscribe')).toMatchObject({ ok: true, claims: { number: 7 } })
    expect(await both.verify(old, 'download')).toEqual({ ok: false, reason: 'invalid' })
    const token = await both.sign(link)
    expect(await createLinkSigner([present], () => at).verify(token, 'unsubscribe')).toMatchObject({
      ok: true,
    })
  })

  it('returns invalid for another purpose, another secret, or an altered token', async () => {
    const token = await signer.sign({ purpose: 'unsubscribe', number: 42, recipient })
    const invalid = { ok: false, reason: 'invalid' }
    expect(await signer.verify(token, 'download')).toEqual(invalid)
    expect(await createLinkSigner([`${secret}!`], () => at).verify(token, 'unsubscribe')).toEqual(invalid)
    for (let index = 0; index < token.length; index += 1) {
      const letter = token[index] === 'A' ? 'B' : 'A'
      // The last letter of a base64url part holds spare bits; the decoded bytes may then be the same.
      if (token[index] === '.' || token[index + 1] === '.' || index === token.length - 1) continue
      const altered = token.slice(0, index) + letter + token.slice(index + 1)
      expect(await signer.verify(altered, 'unsubscribe'), `letter ${index}`).toEqual(invalid)
    }
    for (const garbage of ['', 'x', '....', '%00', 'a.b.c', `${token}.x`]) {
      expect(await signer.verify(garbage, 'unsubscribe')).toEqual(invalid)
    }
  })

  it('reveals neither recipient nor N°, and fits in a URL', async () => {
    const claims = { number: 421_337, recipient, generation: '12.1.3', expiresAt: inAWeek }
    const token = await signer.sign({ purpose: 'download', ...claims })
    expect(token).toMatch(/^[\w.-]+$/)
    expect(token.length).toBeLessThan(220)
    const readable = token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join(' ')
    expect(readable).not.toContain('awa')
    expect(readable).not.toContain('421337')
  })
})
