import { DatabaseError } from 'pg'
import { describe, expect, it } from 'vitest'
import { toSourceError } from './source-error.ts'

/** An error as Node's sockets throw it. */
const systemError = (code: string) => Object.assign(new Error(`write ${code}`), { code, syscall: 'write' })

function answer(code: string): DatabaseError {
  return Object.assign(new DatabaseError('as it says', 10, 'error'), { code, severity: 'ERROR' })
}

describe('toSourceError', () => {
  // Codes of five capitals look like an SQLSTATE.
  it.each(['EPIPE', 'EBADF', 'ECONNRESET'])('classifies %s as unavailable', (code) => {
    expect(toSourceError(systemError(code))).toMatchObject({ kind: 'unavailable', sqlState: undefined })
  })

  it.each([
    ['42P01', 'rejected'],
    ['57P01', 'unavailable'],
    ['57014', 'timeout'],
  ])('classifies SQLSTATE %s as %s', (sqlState, kind) => {
    expect(toSourceError(answer(sqlState))).toMatchObject({ kind, sqlState })
  })

  it.each([
    ['08006', true],
    ['57P01', true],
    ['57P02', true],
    ['57P03', true],
    ['53300', true],
    ['40001', true],
    ['53200', false],
    ['55P03', false],
    ['57014', false],
    ['58030', false],
    ['XX000', false],
    ['42P01', false],
  ])('SQLSTATE %s: away %s', (sqlState, isAway) => {
    expect(toSourceError(answer(sqlState)).isAway).toBe(isAway)
  })

  it('a connection that is refused: away', () => {
    expect(toSourceError(systemError('ECONNREFUSED')).isAway).toBe(true)
  })
})
