import { Client } from 'pg'

/**
 * Gives the role of `readerUrl` the right to read the database, and no other; creates it with the URL's password where
 * there is none of that name. Idempotent. The product reads with this role: a report type's SQL then cannot write.
 * @param ownerUrl the same database, as the role that owns the tables and may create roles.
 */
export async function grantReader(ownerUrl: string, readerUrl: string): Promise<void> {
  const { username, password, pathname } = new URL(readerUrl)
  const [name, secret, database] = [username, password, pathname.slice(1)].map(decodeURIComponent)
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  const role = client.escapeIdentifier(name ?? '')
  const login = `login password ${client.escapeLiteral(secret ?? '')}`
  try {
    await client.query('begin')
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name])
    await client.query(rowCount === 0 ? `create role ${role} ${login}` : `alter role ${role} ${login}`)
    await client.query(`
      alter role ${role} set default_transaction_read_only = on;
      grant connect on database ${client.escapeIdentifier(database ?? '')} to ${role};
      revoke create on schema public from public;
      grant usage on schema public to ${role};
      grant select on all tables in schema public to ${role};
      alter default privileges in schema public grant select on tables to ${role}`)
    await client.query('commit')
  } finally {
    await client.end()
  }
}
