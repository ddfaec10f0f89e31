/** Which scope a key needs for which address. What is not named here is closed to keys. */

import { type KeyScope, keyScopes } from '#domain/schemas/api-key-schema.ts'

interface Rule {
  path: RegExp
  /** For GET and HEAD; null: closed to keys. */
  read: KeyScope | 'any' | null
  /** For every other method. */
  write: KeyScope | null
}

/** The first that fits counts. */
const rules: readonly Rule[] = [
  { path: /^\/v1\/me$/, read: 'any', write: null },
  { path: /^\/v1\/(reports|report-types)(\/|$)/, read: 'reports:read', write: 'reports:write' },
  { path: /^\/v1\/admin\/scheduled-reports(\/|$)/, read: 'reports:read', write: 'scheduled-reports:write' },
  { path: /^\/v1\/admin\/dashboard(\/|$)/, read: 'reports:read', write: null },
  { path: /^\/v1\/admin\/(users|attributes|audit)(\/|$)/, read: 'people:write', write: 'people:write' },
]

/** @returns null when no key opens it; `any` when each does. */
export function scopeFor(method: string, path: string): KeyScope | 'any' | null {
  const rule = rules.find((one) => one.path.test(path))
  if (!rule) return null
  return ['GET', 'HEAD'].includes(method) ? rule.read : rule.write
}

/** better-auth keeps them as `{reports: ['read'], …}`. */
export function toPermissions(scopes: readonly KeyScope[]): Record<string, string[]> {
  const permissions: Record<string, string[]> = {}
  for (const scope of scopes) {
    const [resource = '', action = ''] = scope.split(':')
    ;(permissions[resource] ??= []).push(action)
  }
  return permissions
}

export function fromPermissions(permissions: unknown): KeyScope[] {
  const held = (scope: KeyScope) => {
    const [resource = '', action = ''] = scope.split(':')
    const actions = isRecord(permissions) ? permissions[resource] : undefined
    return Array.isArray(actions) && actions.includes(action)
  }
  return keyScopes.filter(held)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
