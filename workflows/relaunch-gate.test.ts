import { describe, expect, it } from 'vitest'
import { RelaunchGate } from './relaunch-gate.ts'

describe('RelaunchGate', () => {
  it('accepts a relaunch that arrives with the start, before the report is opened', () => {
    const gate = new RelaunchGate()
    gate.offer({ round: 3 })
    expect(gate.wantsAfter(2)).toBe(true)
  })

  it('drops a relaunch that arrives during an attempt', () => {
    const gate = new RelaunchGate()
    gate.close()
    gate.offer({ round: 1 })
    gate.open()
    expect(gate.wantsAfter(0)).toBe(false)
  })

  it('counts a double click as one relaunch', () => {
    const gate = new RelaunchGate()
    gate.offer({ round: 1 })
    gate.offer({ round: 1 })
    expect(gate.wantsAfter(0)).toBe(true)
    gate.close()
    gate.open()
    gate.offer({ round: 1 })
    expect(gate.wantsAfter(1)).toBe(false)
  })

  it('treats a relaunch without a round as the next round', () => {
    const gate = new RelaunchGate()
    gate.offer()
    expect(gate.wantsAfter(7)).toBe(true)
  })
})
