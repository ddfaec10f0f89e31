import { describe, expect, it } from 'vitest'
import { RelaunchDoor } from './relaunch-door.ts'

describe('RelaunchDoor', () => {
  it('takes a relaunch that arrives with the start, before the report is opened', () => {
    const door = new RelaunchDoor()
    door.knock({ round: 3 })
    expect(door.wantsAfter(2)).toBe(true)
  })

  it('drops what arrives in the middle of an attempt', () => {
    const door = new RelaunchDoor()
    door.shut()
    door.knock({ round: 1 })
    door.open()
    expect(door.wantsAfter(0)).toBe(false)
  })

  it('makes a double click one relaunch', () => {
    const door = new RelaunchDoor()
    door.knock({ round: 1 })
    door.knock({ round: 1 })
    expect(door.wantsAfter(0)).toBe(true)
    door.shut()
    door.open()
    door.knock({ round: 1 })
    expect(door.wantsAfter(1)).toBe(false)
  })

  it('reads a relaunch without a round as the next one', () => {
    const door = new RelaunchDoor()
    door.knock()
    expect(door.wantsAfter(7)).toBe(true)
  })
})
