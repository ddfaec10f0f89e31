import { PassThrough } from 'node:stream'
import ExcelJS from 'exceljs'
import { Client } from 'pg'
import QueryStream from 'pg-query-stream'
import { columnsOf } from '#catalogue/report-configuration.ts'
import receptionTicket from '#demo/report-types/reception-ticket.ts'
import { contend, plainUpload } from './contender.ts'

const numberFormats: Partial<Record<string, string>> = {
  integer: '0',
  decimal: '#,##0.000',
  money: '#,##0.00',
  date: 'dd/mm/yyyy',
  timestamp: 'dd/mm/yyyy hh:mm:ss',
}
const numeric = new Set(['integer', 'decimal', 'money'])

/** exceljs's streaming writer as its README shows it: styles on columns, `addRow(…).commit()`. */
await contend(async (job) => {
  const client = new Client({ connectionString: job.sourceUrl })
  await client.connect()
  const stream = new PassThrough()
  const uploading = plainUpload(job, stream)
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream,
    useStyles: true,
    useSharedStrings: false,
  })
  const sheet = workbook.addWorksheet('Tickets')
  const columns = columnsOf(receptionTicket, job.columns)
  sheet.columns = columns.map(({ key, label, type }) => {
    const numFmt = numberFormats[type]
    return { header: label.fr, key, width: 20, ...(numFmt === undefined ? {} : { style: { numFmt } }) }
  })
  const rows: AsyncIterable<Record<string, unknown>> = client.query(new QueryStream(job.sql))
  let count = 0
  for await (const row of rows) {
    // node-postgres gives numeric and bigint as text; a typed cell needs the number.
    for (const { key, type } of columns) {
      if (numeric.has(type) && row[key] !== null) row[key] = Number(row[key])
    }
    sheet.addRow(row).commit()
    count++
  }
  await workbook.commit()
  await uploading
  await client.end()
  return { rows: count }
})
