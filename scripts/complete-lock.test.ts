import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { completeLock, lockFile, missingOptionalPackages, type Lockfile } from './complete-lock.ts'

describe('package-lock.json', () => {
  it('holds the optional packages of every system; if not: npm run complete-lock', () => {
    expect(missingOptionalPackages(JSON.parse(readFileSync(lockFile, 'utf8')) as Lockfile)).toEqual([])
  })
})

describe('completeLock', () => {
  const lock = (): Lockfile => ({
    packages: {
      '': {},
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-musl': '2.0.0',
          '@tool/darwin-arm64': '2.0.0',
          '@tool/win32-ia32-msvc': '2.0.0',
        },
      },
      'node_modules/@tool/darwin-arm64': { version: '2.0.0' },
    },
  })

  it('adds what is missing, for its system alone', () => {
    const completed = lock()
    expect(completeLock(completed)).toBe(2)
    expect(completed.packages['node_modules/@tool/linux-x64-musl']).toEqual({
      version: '2.0.0',
      dev: true,
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    })
    expect(missingOptionalPackages(completed)).toEqual([])
  })

  it('finds a package beside its owner as well as above it', () => {
    const nested: Lockfile = {
      packages: {
        'node_modules/a/node_modules/tool': {
          version: '1.0.0',
          optionalDependencies: { 'tool-linux-x64': '1.0.0' },
        },
        'node_modules/a/node_modules/tool-linux-x64': { version: '1.0.0' },
      },
    }
    expect(missingOptionalPackages(nested)).toEqual([])
  })

  it('throws when the name does not tell the system', () => {
    const odd: Lockfile = {
      packages: { 'node_modules/tool': { optionalDependencies: { 'tool-core': '1.0.0' } } },
    }
    expect(() => completeLock(odd)).toThrow('tool-core: its name does not say')
  })
})
