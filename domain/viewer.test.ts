import { expect, it } from 'vitest'
import { viewerFrom } from './viewer.ts'

it('reads the role, and keeps attributes that are text', () => {
  const attributes = { province: 'Nord', level: 5, sites: ['Lille'], none: null }
  expect(viewerFrom({ id: 'awa', role: 'admin', attributes })).toEqual({
    id: 'awa',
    role: 'admin',
    attributes: { province: 'Nord' },
  })
})

it.each(['', 'user', 'administrator', 'not-admin', 'user,admin'])('reads role « %s » as user', (role) => {
  expect(viewerFrom({ id: 'awa', role, attributes: {} }).role).toBe('user')
})

it.each([null, 'Nord', ['Nord'], 5])('reads %j as no attributes', (attributes) => {
  expect(viewerFrom({ id: 'awa', role: 'user', attributes }).attributes).toEqual({})
})
