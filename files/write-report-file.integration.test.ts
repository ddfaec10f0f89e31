import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSource, type Source } from '#adapters/source/source.ts'
import { createStorage, type Storage } from '#adapters/storage/storage.ts'
import { csvOptionsOf, type CsvOptions } from '#domain/csv-options.ts'
import type { Locale } from '#domain/locale.ts'
import type { FileFormat } from '#domain/report-status.ts'
import type { ColumnDescription, ColumnType, Viewer } from '#domain/report-type.ts'
import { loadCatalogue, type Catalogue } from '#catalogue/load-catalogue.ts'
import { compileQuery } from '#catalogue/compile-query.ts'
import { raw, sql, type SqlFragment } from '#catalogue/sql.ts'
import { createTestBucket, type TestBucket } from '#test/servers/bucket.ts'
import { createEmptyDatabase, demoDatabaseUrl, type TestDatabase } from '#test/servers/database.ts'
import { RowCountError, writeQueryFile, writeReportFile, type QueryFileInput } from './write-report-file.ts'

const timeZone = 'Europe/Paris'
const admin: Viewer = { id: 'admin', role: 'admin', attributes: {} }
const about = {
  number: 7,
  title: 'Tickets',
  requestedBy: 'Awa',
  generatedAt: new Date('2026-11-22T10:00:00Z'),
  filters: [],
}

const compressed = { ...csvOptionsOf('fr'), gzip: true }

let database: TestDatabase
let observer: Client
let bucket: TestBucket
let storage: Storage
let source: Source
let demo: Source
let catalogue: Catalogue

beforeAll(async () => {
  database = await createEmptyDatabase()
  observer = new Client({ connectionString: database.url })
  await observer.connect()
  source = createSource({ connectionString: database.url, statementTimeoutMs: 60_000 })
  demo = createSource({ connectionString: await demoDatabaseUrl(), statementTimeoutMs: 60_000 })
  bucket = await createTestBucket()
  storage = createStorage(bucket)
  catalogue = await loadCatalogue({})
})

afterAll(async () => {
  storage.close()
  await Promise.all([source.close(), demo.close(), observer.end()])
  await database.drop()
})

const columnsOf = (...types: [string, ColumnType, number?][]): ColumnDescription[] =>
  types.map(([key, type, scale]) => ({ key, label: { fr: `${key} fr`, en: `${key} en` }, type, scale }))

function write(query: SqlFragment, columns: ColumnDescription[], options: Partial<QueryFileInput> = {}) {
  const { format = 'csv' } = options
  return writeQueryFile({
    query,
    columns,
    format,
    timeZone,
    locale: 'fr',
    about,
    source,
    storage,
    key: `out.${format}`,
    ...options,
  })
}

async function stored(key: string): Promise<Buffer> {
  return Buffer.concat(await (await storage.read(key)).toArray())
}

async function storedCsv(locale: Locale = 'fr', key = 'out.csv'): Promise<string[][]> {
  const delimiter = locale === 'fr' ? ';' : ','
  return parse(await stored(key), { bom: true, delimiter, record_delimiter: '\r\n' })
}

async function storedSheet(key = 'out.excel'): Promise<unknown[][]> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load((await stored(key)) as unknown as ArrayBuffer)
  const rows: unknown[][] = []
  const sheet = workbook.worksheets[0]
  sheet?.eachRow({ includeEmpty: true }, (row, number) => {
    const cells = Array.from({ length: sheet.columnCount }, (_, index) => row.getCell(index + 1).value)
    if (number > 1) rows.push(cells.map(plainValue))
  })
  return rows
}

/** exceljs reads the empty text as null, and does not decode `_xHHHH_` in inline texts. */
function plainValue(value: unknown): unknown {
  if (value === '') return null
  const runs = typeof value === 'object' && value !== null && 'richText' in value ? value.richText : undefined
  if (Array.isArray(runs)) return runs.map((run: { text: string }) => run.text).join('')
  if (typeof value !== 'string') return value
  return value.replace(/_x([0-9A-F]{4})_/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

async function unfinishedUploads(): Promise<(string | undefined)[]> {
  const client = new S3Client({
    endpoint: bucket.S3_ENDPOINT,
    region: bucket.S3_REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: bucket.S3_ACCESS_KEY_ID, secretAccessKey: bucket.S3_SECRET_ACCESS_KEY },
  })
  const answer = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket.S3_BUCKET }))
  client.destroy()
  return (answer.Uploads ?? []).map((upload) => upload.Key)
}

async function busySessions(): Promise<number> {
  const { rows } = await observer.query<{ busy: number }>(
    `SELECT count(*)::int AS busy FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'rapporteur' AND state <> 'idle'`,
  )
  return rows[0]?.busy ?? -1
}

/** Random bytes as text: a file that cannot be compressed much. */
const bulky = sql`select n, md5(n::text) || md5((-n)::text) from generate_series(1, 3000000) n`
const bulkyColumns = columnsOf(['n', 'integer'], ['noise', 'text'])

describe('awkward values', () => {
  const columns = columnsOf(
    ['name', 'text'],
    ['code', 'text'],
    ['count', 'integer'],
    ['weight', 'decimal', 3],
    ['price', 'money'],
    ['day', 'date'],
    ['at', 'timestamp'],
    ['fragile', 'boolean'],
  )
  const rows = [
    [
      'Été ; "vert", l’œuvre',
      '0012',
      '9007199254740993',
      '-0.500',
      '1234567890123.45',
      '2026-10-31',
      '2026-10-25 00:30:00Z',
      true,
    ],
    [
      'ligne 1\r\nligne 2\n',
      '+243 810 000 000',
      '-7',
      'NaN',
      '99999999999999.99',
      '1899-12-31',
      '2026-10-25 01:30:00Z',
      false,
    ],
    [
      '=HYPERLINK("https://example.test")',
      '-12,5',
      null,
      '1e-7',
      null,
      'infinity',
      '2026-03-29 01:00:00.123456Z',
      null,
    ],
    ['', null, '0', 'Infinity', '0', '9999-12-31', 'infinity', true],
    ['\\N', '\\.', '42', '-Infinity', '-1', '1900-03-01', '1890-06-01 12:00:00Z', false],
    [
      ' espaces ',
      '_x000D_ <&> \u0001\ufffe',
      '999999999999999',
      '12.345',
      '5',
      '2024-02-29',
      '2026-07-14 22:30:00Z',
      true,
    ],
  ]

  beforeAll(async () => {
    await observer.query(`CREATE TABLE awkward (position serial, name text, code text, count bigint, weight numeric,
      price numeric(20, 2), day date, at timestamptz, fragile boolean)`)
    for (const row of rows) {
      await observer.query(
        'INSERT INTO awkward (name, code, count, weight, price, day, at, fragile) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
        row,
      )
    }
  })

  const query = sql`select name, code, count, weight, price, day, at, fragile from awkward order by position`

  it('are unchanged in a French CSV file', async () => {
    const written = await write(query, columns)
    expect(written.rowCount).toBe(rows.length)
    const [header, ...body] = await storedCsv()
    expect(header).toEqual(columns.map((column) => column.label.fr))
    expect(body).toEqual([
      [
        'Été ; "vert", l’œuvre',
        '0012',
        '9007199254740993',
        '-0,500',
        '1234567890123,45',
        '2026-10-31',
        '2026-10-25 02:30:00',
        'oui',
      ],
      [
        'ligne 1\r\nligne 2\n',
        '+243 810 000 000',
        '-7',
        'NaN',
        '99999999999999,99',
        '1899-12-31',
        '2026-10-25 02:30:00',
        'non',
      ],
      [
        `'=HYPERLINK("https://example.test")`,
        '-12,5',
        '',
        '0,0000001',
        '',
        'infinity',
        '2026-03-29 03:00:00,123456',
        '',
      ],
      ['', '', '0', 'Infinity', '0,00', '9999-12-31', 'infinity', 'oui'],
      ['\\N', '\\.', '42', '-Infinity', '-1,00', '1900-03-01', '1890-06-01 12:09:21', 'non'],
      [
        ' espaces ',
        '_x000D_ <&> \u0001\ufffe',
        '999999999999999',
        '12,345',
        '5,00',
        '2024-02-29',
        '2026-07-15 00:30:00',
        'oui',
      ],
    ])
    const text = (await stored('out.csv')).toString()
    expect(text.startsWith('\ufeffname fr;code fr;')).toBe(true)
    // The empty text and NULL, next to each other.
    expect(text).toContain('\r\n"";;0;')
  })

  it('are in English in an English CSV file', async () => {
    await write(query, columns, { locale: 'en', timeZone: 'America/St_Johns' })
    const [header, first] = await storedCsv('en')
    expect(header?.[0]).toBe('name en')
    expect(first).toEqual([
      'Été ; "vert", l’œuvre',
      '0012',
      '9007199254740993',
      '-0.500',
      '1234567890123.45',
      '2026-10-31',
      '2026-10-24 22:00:00',
      'yes',
    ])
  })

  it('are typed in an Excel file, or text where Excel would change them', async () => {
    await write(query, columns, { format: 'excel' })
    const utc = (text: string) => new Date(`${text}Z`)
    expect(await storedSheet()).toEqual([
      [
        'Été ; "vert", l’œuvre',
        '0012',
        '9007199254740993',
        -0.5,
        1234567890123.45,
        utc('2026-10-31T00:00'),
        utc('2026-10-25T02:30'),
        true,
      ],
      [
        'ligne 1\r\nligne 2\n',
        '+243 810 000 000',
        -7,
        'NaN',
        '99999999999999.99',
        '1899-12-31',
        utc('2026-10-25T02:30'),
        false,
      ],
      [
        '=HYPERLINK("https://example.test")',
        '-12,5',
        null,
        1e-7,
        null,
        'infinity',
        utc('2026-03-29T03:00:00.123'),
        null,
      ],
      [null, null, 0, 'Infinity', 0, utc('9999-12-31T00:00'), 'infinity', true],
      ['\\N', '\\.', 42, '-Infinity', -1, utc('1900-03-01T00:00'), '1890-06-01 12:09:21', false],
      [
        ' espaces ',
        '_x000D_ <&> \u0001\ufffe',
        999999999999999,
        12.345,
        5,
        utc('2024-02-29T00:00'),
        utc('2026-07-15T00:30'),
        true,
      ],
    ])
  })
})

// Each writes and reads back every row of the demo: up to 16 s of processor time beside other files.
describe('every report type of the catalogue, all columns', { timeout: 240_000 }, () => {
  /** The expected cell of CSV, computed in SQL, independent of the code under test. */
  const expectedText = ({ type }: ColumnDescription, value: SqlFragment): SqlFragment => {
    switch (type) {
      case 'integer':
      case 'decimal':
      case 'money':
        return sql`coalesce(replace(${value}::text, '.', ','), '')`
      case 'boolean':
        return sql`case ${value} when true then 'oui' when false then 'non' else '' end`
      case 'timestamp':
        return sql`coalesce(regexp_replace(to_char(${value}, 'YYYY-MM-DD HH24:MI:SS,US'), ',?0+$', ''), '')`
      case 'date':
        return sql`coalesce(to_char(${value}, 'YYYY-MM-DD'), '')`
      case 'text':
        return sql`case
          when ${value} ~ E'^\\'*[=+@\\t\\r-]' and not ${value} ~ E'^[+-][0-9]+([ \\u00a0\\u202f.,][0-9]+)*$'
          then '''' || ${value} else coalesce(${value}, '') end`
    }
  }

  it.each(['cash_session', 'reception_ticket', 'schools', 'pupils', 'guardians'])('%s', async (key) => {
    const definition = catalogue.get(key)
    if (!definition) throw new Error(`no ${key}`)
    const columns = definition.columns.map((column) => column.key)
    const choice = { columns, filters: {}, viewer: admin, timeZone }
    const expected = await demo.rows(compileQuery(definition, { ...choice, render: expectedText }), {
      timeZone,
    })
    expect(expected.rows.length).toBeGreaterThan(50)
    const destination = { definition, ...choice, locale: 'fr' as const, about, source: demo, storage }

    const csv = await writeReportFile({ ...destination, format: 'csv', key: 'out.csv' })
    const [header, ...body] = await storedCsv()
    expect(header).toEqual(definition.columns.map((column) => column.label.fr))
    expect(body).toEqual(
      expected.rows.map((row) => row.map((value) => value?.replace(/ (\d\d):(\d\d)$/, ' $1:$2:00') ?? '')),
    )
    expect(csv.rowCount).toBe(expected.rows.length)

    const excel = await writeReportFile({ ...destination, format: 'excel', key: 'out.excel' })
    expect(excel.rowCount).toBe(expected.rows.length)
    const values = await demo.rows(compileQuery(definition, choice), { timeZone: 'UTC' })
    const sheet = await storedSheet()
    expect(sheet.length).toBe(values.rows.length)
    const offsets = await demo.rows(compileQuery(definition, { ...choice, render: wallTimes }), { timeZone })
    sheet.forEach((row, index) => {
      const wanted = definition.columns.map(({ type }, column) =>
        excelValue(type, offsets.rows[index]?.[column] ?? null),
      )
      expect(columns.map((_, column) => row[column] ?? null)).toEqual(wanted)
    })
  })

  const wallTimes = ({ type }: ColumnDescription, value: SqlFragment): SqlFragment =>
    type === 'timestamp' ? sql`to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : value

  function excelValue(type: ColumnType, text: string | null): unknown {
    if (text === null) return null
    if (type === 'boolean') return text === 't'
    // Before March 1900 not every program counts Excel's days alike.
    if (type === 'date' && text < '1900-03-01') return text
    if (type === 'date' || type === 'timestamp') return new Date(text)
    if (type !== 'text') return Number(text)
    return text === '' ? null : text
  }
})

describe('the result and progress of a file', () => {
  it.each(['csv', 'excel'] as const)('agree with the stored file (%s)', async (format) => {
    const totals: number[] = []
    const written = await write(sql`select n, 'x' from generate_series(1, ${12345}::int) n`, bulkyColumns, {
      format,
      onRows: (total) => totals.push(total),
    })
    const bytes = await stored(`out.${format}`)
    expect(written).toEqual({
      rowCount: 12_345,
      sizeBytes: bytes.length,
      checksum: createHash('sha256').update(bytes).digest('hex'),
      etag: (await storage.head(`out.${format}`))?.etag,
      misfits: [],
    })
    expect(totals.at(-1)).toBe(12_345)
    expect(totals).toEqual(totals.toSorted((left, right) => left - right))
  })

  it('are those of the compressed bytes, which are the same each time', async () => {
    const query = sql`select n, 'x' from generate_series(1, ${12345}::int) n`
    const plain = await write(query, bulkyColumns)
    const written = await write(query, bulkyColumns, { csv: compressed, key: 'out.csv.gz' })
    const bytes = await stored('out.csv.gz')
    expect(gunzipSync(bytes)).toEqual(await stored('out.csv'))
    expect(bytes.length).toBeLessThan(plain.sizeBytes / 3)
    expect(written).toMatchObject({
      rowCount: 12_345,
      sizeBytes: bytes.length,
      checksum: createHash('sha256').update(bytes).digest('hex'),
    })
    const again = await write(query, bulkyColumns, { csv: compressed, key: 'again.csv.gz' })
    expect(again.checksum).toBe(written.checksum)
  })

  it('are reported during a silent query as long as the database works on it', async () => {
    const totals: number[] = []
    await write(sql`select 1, pg_sleep(11)::text`, bulkyColumns, {
      key: 'slow',
      onRows: (total) => totals.push(total),
    })
    // At the start, about twice while it sleeps, and at the end.
    expect(totals.filter((total) => total === 0).length).toBeGreaterThanOrEqual(3)
    expect(totals.at(-1)).toBe(1)
  })

  it('fail with a RowCountError when the database counted other rows', async () => {
    const forgetful: Source = {
      ...source,
      copyOut: (query, options) => {
        const copy = source.copyOut(query, options)
        return { ...copy, rowCount: 3, [Symbol.asyncIterator]: () => copy[Symbol.asyncIterator]() }
      },
    }
    const error = await errorOf(
      write(sql`select 1, 'x'`, bulkyColumns, { source: forgetful, key: 'miscounted' }),
    )
    expect(error).toBeInstanceOf(RowCountError)
    expect(await storage.head('miscounted')).toBeNull()
  })
})

describe.each<[string, { format: FileFormat; csv?: CsvOptions }]>([
  ['csv', { format: 'csv' }],
  ['csv.gz', { format: 'csv', csv: compressed }],
  ['excel', { format: 'excel' }],
])('a file that is not finished (%s)', (_name, kind) => {
  it('leaves neither upload nor query when it is cancelled while rows arrive', async () => {
    const stop = new AbortController()
    let abortedAt = 0
    const writing = errorOf(
      write(bulky, bulkyColumns, {
        ...kind,
        key: 'cancelled',
        signal: stop.signal,
        onRows: (total) => {
          if (total < 300_000) return
          abortedAt ||= performance.now()
          stop.abort(new Error('cancelled by a person'))
        },
      }),
    )
    expect(await writing).toBe(stop.signal.reason)
    expect(performance.now() - abortedAt).toBeLessThan(30_000)
    expect(await unfinishedUploads()).toEqual([])
    expect(await storage.head('cancelled')).toBeNull()
    await expect.poll(busySessions).toBe(0)
  })

  it('leaves neither upload nor query when it is cancelled before the first row', async () => {
    const stop = new AbortController()
    const writing = errorOf(
      write(sql`select 1, pg_sleep(60)::text`, bulkyColumns, {
        ...kind,
        signal: stop.signal,
        key: 'cancelled',
      }),
    )
    await expect.poll(busySessions).toBe(1)
    stop.abort(new Error('cancelled by a person'))
    expect(await writing).toBe(stop.signal.reason)
    await expect.poll(busySessions).toBe(0)
    expect(await storage.head('cancelled')).toBeNull()
  })

  it('fails with a SourceError when the source dies', async () => {
    let killed = false
    const error = await errorOf(
      write(bulky, bulkyColumns, {
        ...kind,
        key: 'torn',
        onRows: (total) => {
          if (killed || total < 300_000) return
          killed = true
          void observer.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rapporteur' AND state <> 'idle'`,
          )
        },
      }),
    )
    expect(killed).toBe(true)
    expect(error).toMatchObject({ name: 'SourceError', kind: 'unavailable' })
    expect((error as Error).cause).toBeInstanceOf(Error)
    expect(await unfinishedUploads()).toEqual([])
    expect(await storage.head('torn')).toBeNull()
  })

  it('fails with a SourceError when a late row of the query fails', async () => {
    const query = raw(`select n, (1 / (200000 - n))::text from generate_series(1, 300000) n`)
    expect(await errorOf(write(query, bulkyColumns, { ...kind, key: 'torn' }))).toMatchObject({
      name: 'SourceError',
      kind: 'rejected',
      sqlState: '22012',
    })
    expect(await storage.head('torn')).toBeNull()
  })

  it('fails with a StorageError when the storage dies, and ends the query', async () => {
    const sockets: Socket[] = []
    const target = new URL(bucket.S3_ENDPOINT)
    const server = createServer((incoming) => {
      const outgoing = connect(Number(target.port), target.hostname)
      for (const socket of [incoming, outgoing]) sockets.push(socket.on('error', () => {}))
      incoming.pipe(outgoing).pipe(incoming)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const through = createStorage({
      ...bucket,
      S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })
    const error = await errorOf(
      write(bulky, bulkyColumns, {
        ...kind,
        key: 'lost',
        storage: through,
        onRows: (total) => {
          if (total < 300_000) return
          server.close()
          for (const socket of sockets.splice(0)) socket.destroy()
        },
      }),
    )
    expect(error).toMatchObject({ name: 'StorageError', kind: 'unavailable' })
    await expect.poll(busySessions).toBe(0)
    through.close()
    await storage.abortUnfinishedUploads('lost')
  })
})
