/** What the demo, `npm start` and the compose file use where nothing is set. All of it is public: refused in production. */

export const demoSecrets = {
  AUTH_SECRET: 'demo-auth-secret-not-for-production-0123456789',
  LINK_SECRET: 'demo-link-secret-not-for-production-0123456789',
} as const

/** Of the embedded PostgreSQL and of the compose file's. */
export const demoDatabasePassword = 'rapporteur'
/** Of the role that reads the demo's source. */
export const demoReaderPassword = 'rapporteur-reader'
/** Likewise of the storage. */
export const demoStorageKey = 'rapporteur-local-storage'
/** Of the demo's accounts and of its sender. RFC 2606 keeps `.test` for such uses: no real account has it. */
export const demoMailDomain = 'rapporteur.test'
/** As a condition on the table of accounts. */
export const isDemoAccount = { email: { endsWith: `@${demoMailDomain}`, mode: 'insensitive' } } as const

const demoValues: ReadonlySet<string> = new Set([
  ...Object.values(demoSecrets),
  demoDatabasePassword,
  demoReaderPassword,
  demoStorageKey,
])

export function isDemoValue(text: string): boolean {
  return demoValues.has(text)
}
