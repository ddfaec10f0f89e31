/**
 * PostgreSQL's `money` as a number. Its text is one of the database's locale (`-$1,234.50`, `1 234,50 €`), and so is its
 * number of decimals, so that only the database can tell the number: `money::numeric`.
 */

import { escapeIdentifier, type Connection, type FieldDef, type PoolClient, type Submittable } from 'pg'

/** Of the catalogue `pg_type`. The type of a domain over it is told as this one, too. */
const moneyType = 790

/**
 * The query itself, or, when a column of it is `money`, the query with that column as `numeric`. The rows keep their
 * order: PostgreSQL only projects those of a sub-select that is sorted.
 * @throws the database's error when it does not take the query as one statement.
 */
export async function withPlainMoney(client: PoolClient, query: string): Promise<string> {
  const columns = await client.query(new DescribeQuery(query)).columns
  if (columns.every(({ dataTypeID }) => dataTypeID !== moneyType)) return query
  const selected = columns.map(
    ({ name, dataTypeID }, index) =>
      `c${index}${dataTypeID === moneyType ? '::numeric' : ''} AS ${escapeIdentifier(name)}`,
  )
  const names = columns.map((_column, index) => `c${index}`)
  // The line feed ends a comment that the query may end with.
  return `SELECT ${selected.join(', ')} FROM (${query}\n) AS found (${names.join(', ')})`
}

/** Asks which columns a query has, without planning or executing it. Used with `pg` like its cursor. */
class DescribeQuery implements Submittable {
  readonly columns: Promise<readonly FieldDef[]>
  readonly #query: string
  readonly #answer = Promise.withResolvers<readonly FieldDef[]>()
  #fields: readonly FieldDef[] = []

  constructor(query: string) {
    this.#query = query
    this.columns = this.#answer.promise
  }

  submit(connection: Connection): void {
    connection.parse({ name: '', text: this.#query, types: [] }, true)
    connection.describe({ type: 'S', name: '' }, true)
    connection.sync()
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    this.#fields = fields
  }

  handleReadyForQuery(): void {
    this.#answer.resolve(this.#fields)
  }

  handleError(error: Error): void {
    this.#answer.reject(error)
  }
}
