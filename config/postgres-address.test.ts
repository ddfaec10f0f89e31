import { describe, expect, it } from 'vitest'
import { readPostgresAddress, withoutPassword, withPassword } from './postgres-address.ts'

const read = (text: string, environment = {}) => readPostgresAddress(text, environment)
const secret = 'Tr0ub4dor'

describe('an address', () => {
  it.each([
    ['postgresql://a@h/d', [{ host: 'h', port: 5432 }]],
    ['postgres://a@h:1/d', [{ host: 'h', port: 1 }]],
    ['postgresql://a@[::1]:1/d', [{ host: '::1', port: 1 }]],
    ['postgresql://a@h:1,i:2,j/d', [1, 2, 5432].map((port, index) => ({ host: 'hij'[index], port }))],
    ['postgresql://a@/d?host=/run/pg', [{ host: '/run/pg', port: 5432 }]],
    ['postgresql://a@%2Frun%2Fpg:1/d', [{ host: '/run/pg', port: 1 }]],
    ['postgresql://a@/d?host=h,i&port=7', ['h', 'i'].map((host) => ({ host, port: 7 }))],
    ['postgresql://a@h/d?hostaddr=10.0.0.1', [{ host: 'h', address: '10.0.0.1', port: 5432 }]],
  ])('%s names its hosts', (text, hosts) => expect(read(text).hosts).toEqual(hosts))

  it('leaves to libpq’s variables what it does not say, and encrypts by itself where the server can', () => {
    expect(read('postgresql://')).toMatchObject({ sslMode: 'prefer', sessionAttributes: 'any' })
    const environment = { PGHOST: 'h', PGPORT: '7', PGUSER: 'u', PGDATABASE: 'd', PGSSLMODE: 'require' }
    const expected = { hosts: [{ host: 'h', port: 7 }], user: 'u', database: 'd', sslMode: 'require' }
    expect(read('postgresql://', environment)).toMatchObject(expected)
    expect(read('postgresql://a@b/c?sslmode=disable', environment)).toMatchObject({
      user: 'a',
      sslMode: 'disable',
    })
  })

  it('has what is special in it percent-encoded; an @ may stand as it is', () => {
    expect(read('postgresql://u%40x:p%2F%3F%25@h/d%20e')).toMatchObject({
      user: 'u@x',
      password: 'p/?%',
      database: 'd e',
    })
    expect(read('postgresql://u:p@ss@h/d')).toMatchObject({ password: 'p@ss', hosts: [{ host: 'h' }] })
  })

  it.each([`${secret}/x`, `${secret}?x`, `${secret}?x=1`, '12/x', '12?x'])(
    'with the password %s as it is says how to write it',
    (password) => {
      const text = `postgresql://u:${password}@h/d`
      expect(() => read(text)).toThrow(/percent-encode them there.*_PASSWORD/)
      expect(() => read(text)).not.toThrow(new RegExp(secret))
    },
  )

  it.each([
    ['mysql://a/b', /no address postgresql:/],
    [`postgresql://u:${secret}%zz@h/d`, /write %25/],
    [
      'postgresql://h/d?sslmode=full',
      /sslmode=full is none of disable, allow, prefer, require, verify-ca, verify-full/,
    ],
    ['postgresql://h/d?sslmode=no-verify', /write sslmode=require/],
    [
      'postgresql://h/d?sslmode=verify-full&sslrootcert=/nowhere.pem',
      /sslrootcert=\/nowhere.pem cannot be read \(ENOENT\)/,
    ],
    ['postgresql://h/d?sslmode=verify-ca', /needs the authority/],
    ['postgresql://h/d?sslmode=require&sslrootcert=system', /too weak for sslrootcert=system/],
    ['postgresql://h/d?sslcert=/nowhere.pem', /sslcert=\/nowhere.pem cannot be read/],
    ['postgresql://h/d?sslnegotiation=direct', /needs sslmode=require or stronger/],
    ['postgresql://h/d?target_session_attrs=any-thing', /is none of any, read-write/],
    ['postgresql://h/d?ssl_mode=require', /ssl_mode is no parameter known here/],
    ['postgresql://h/d?service=reports', /service is no parameter known here/],
    ['postgresql://h/d?gssencmode=require', /only disable, prefer/],
    ['postgresql://h:99999/d', /none of 1 to 65535/],
    ['postgresql://h,i,j/d?port=1,2', /2 ports for 3 hosts/],
    ['postgresql://h/d?connect_timeout=soon', /no number of seconds/],
  ])('%s is refused with what to write', (text, message) => {
    expect(() => read(text)).toThrow(message)
    expect(() => read(text)).not.toThrow(new RegExp(secret))
  })
})

describe('a password given apart', () => {
  it.each(['p@s/w?#&%41 "\'\\ :é', ' ', '%'])('%j is taken as it is', (password) => {
    for (const text of ['postgresql://u@h:1,i:2/d?sslmode=disable', 'postgresql://u@/d?host=/run/pg'])
      expect(read(withPassword(text, password))).toMatchObject({ user: 'u', password })
  })

  it('is refused beside one in the address', () => {
    for (const text of ['postgresql://u:x@h/d', 'postgresql://u@h/d?password=x'])
      expect(() => withPassword(text, 'y')).toThrow(/has a password already/)
  })
})

it('is shown without its passwords', () => {
  const text = `postgresql://u:${secret}@h:1,i/d?sslmode=require&sslpassword=${secret}&password=${secret}`
  expect(withoutPassword(text)).toBe(
    'postgresql://u:***@h:1,i/d?sslmode=require&sslpassword=***&password=***',
  )
})
