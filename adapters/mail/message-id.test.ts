import { describe, expect, it } from 'vitest'
import { messageIdFor } from './message-id.ts'

describe('messageIdFor', () => {
  const id = messageIdFor(42, 'awa@ecole.test', 'rapporteur.test')

  it('is the same on every attempt, regardless of the address’s case', () => {
    expect(messageIdFor(42, 'awa@ecole.test', 'rapporteur.test')).toBe(id)
    expect(messageIdFor(42, ' Awa@Ecole.test ', 'RAPPORTEUR.test')).toBe(id)
    // Fixed here: changing the derivation would send a second mail after a first attempt made before the change.
    expect(id).toBe('<167ad90d042fa39c04818be07485dd86372e9315@rapporteur.test>')
  })

  it('differs by N°, recipient, kind and installation', () => {
    const others = [
      messageIdFor(43, 'awa@ecole.test', 'rapporteur.test'),
      messageIdFor(42, 'leo@ecole.test', 'rapporteur.test'),
      messageIdFor(42, 'awa@ecole.test', 'rapporteur.test', { kind: 'notice:failed:1' }),
      messageIdFor(42, 'awa@ecole.test', 'rapporteur.test', { kind: 'notice:failed:2' }),
      messageIdFor(42, 'awa@ecole.test', 'rapporteur.test', { installation: 'https://essai.example' }),
    ]
    expect(new Set([id, ...others]).size).toBe(6)
  })

  it('is well formed and shows no address', () => {
    expect(id).toMatch(/^<[0-9a-f]{40}@rapporteur\.test>$/)
    expect(id).not.toContain('awa')
  })
})
