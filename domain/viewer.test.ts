import { expect, it } from 'vitest'
import { viewerFrom } from './viewer.ts'

it('takes the role among several, and of the attributes what is text', () => {
  const attributes = { province: 'Nord', level: 5, sites: ['Lille'], none: null }
  expect(viewerFrom({ id: 'awa', role: 'user,admin', attributes })).toEqual({
    id: 'awa',
    role: 'admin',
    attributes: { province: 'Nord' },
  })
})

it.each(['', 'user', 'administrator', 'not-admin'])('takes « %s » for no administrator', (role) => {
  expect(viewerFrom({ id: 'awa', role, attributes: {} }).role).toBe('user')
})

it.each([null, 'Nord', ['Nord'], 5])('takes %j for no attributes', (attributes) => {
  expect(viewerFrom({ id: 'awa', role: 'user', attributes }).attributes).toEqual({})
})
