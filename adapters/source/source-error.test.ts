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
})
