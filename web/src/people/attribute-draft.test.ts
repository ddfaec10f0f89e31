import { describe, expect, it } from 'vitest'
import { attributeDraft, attributesOf, isSameAttributes } from './attribute-draft.ts'

describe('attributes while they are edited', () => {
  it('are sent as they were when nothing changed', () => {
    expect(attributesOf(attributeDraft({ province: 'Kasaï', site: 'Nord' }))).toEqual({
      province: 'Kasaï',
      site: 'Nord',
    })
    expect(attributesOf(attributeDraft())).toEqual({})
  })

  it('lose what was emptied and what has no name, and are trimmed', () => {
    const draft = {
      values: { province: ' ', site: ' Nord ' },
      added: [
        { name: '', value: 'x' },
        { name: ' centre ', value: ' 3 ' },
        { name: 'zone', value: '' },
      ],
    }
    expect(attributesOf(draft)).toEqual({ site: 'Nord', centre: '3' })
  })

  it('take the last of two with one name', () => {
    expect(attributesOf({ values: { site: 'Nord' }, added: [{ name: 'site', value: 'Sud' }] })).toEqual({
      site: 'Sud',
    })
  })

  it('are compared whatever their order', () => {
    expect(isSameAttributes({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
    expect(isSameAttributes({ a: '1' }, { a: '1', b: '2' })).toBe(false)
    expect(isSameAttributes({ a: '1' }, { a: '2' })).toBe(false)
    expect(isSameAttributes({ a: '1' }, { b: '1' })).toBe(false)
  })
})
