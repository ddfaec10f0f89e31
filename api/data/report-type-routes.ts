/** The catalogue and the data itself, as this person may see them. */

import { createRoute, z } from '@hono/zod-openapi'
import type { Locale } from '#domain/locale.ts'
import { relativePeriods } from '#domain/report-type.ts'
import { pageQuerySchema } from '#domain/schemas/page-schema.ts'
import {
  dataPageSchema,
  dataTotalsSchema,
  optionListSchema,
  reportTypeSchema,
} from '#domain/schemas/report-type-schema.ts'
import { compileQuery, type RowRestriction } from '#catalogue/compile-query.ts'
import type { ReportDefinition } from '#catalogue/define-report.ts'
import { listOptions } from '#catalogue/list-options.ts'
import { checkColumnsAndFilters, columnsOf } from '#catalogue/report-configuration.ts'
import { resolveFilters } from '#catalogue/resolve-filters.ts'
import { scopeNotice } from '#catalogue/scope.ts'
import { viewerOf, type Api, type ApiContext, type Person } from '../http/api-env.ts'
import { ApiProblem, invalid, notFound } from '../http/api-problem.ts'
import { parseBoundedJson } from '../http/bounded-json.ts'
import { unstorableText } from '../http/readable-json.ts'
import { usableType } from '../scheduled-reports/complete-definition.ts'
import type { ApiDeps } from '../deps.ts'
import { cellJson } from './cell-json.ts'
import { jsonResponse, problemResponses, security } from '../http/openapi-parts.ts'
import type { DataReaders } from './data-readers.ts'
import { whileConnected } from './while-connected.ts'

const ReportType = reportTypeSchema.openapi('ReportType')
const keyParams = z.object({
  key: z.string().openapi({ param: { name: 'key', in: 'path' }, example: 'cash_session' }),
})
const tags = ['Report types']

const filtersQuery = z
  .string()
  .optional()
  .openapi({ description: 'JSON object, as `filters_json`', example: '{}' })

const listTypes = createRoute({
  method: 'get',
  path: '/v1/report-types',
  operationId: 'listReportTypes',
  tags,
  summary: 'The report types this person may use',
  security,
  responses: {
    200: jsonResponse(z.object({ items: z.array(ReportType), total: z.int() }), 'All of them'),
    ...problemResponses(),
  },
})

const getType = createRoute({
  method: 'get',
  path: '/v1/report-types/{key}',
  operationId: 'getReportType',
  tags,
  summary: 'One report type',
  security,
  request: { params: keyParams },
  responses: { 200: jsonResponse(ReportType, 'The type'), ...problemResponses(404) },
})

const getRows = createRoute({
  method: 'get',
  path: '/v1/report-types/{key}/rows',
  operationId: 'listRows',
  tags,
  summary: 'A page of the data itself',
  description:
    'Rows as a report of this type would hold them for this person: same filters, same columns, same order, read in ' +
    'the same time zone, theirs. Relative periods mean now, in `time_zone`.',
  security,
  request: {
    params: keyParams,
    query: pageQuerySchema(25).extend({
      filters: filtersQuery,
      columns: z
        .string()
        .optional()
        .openapi({ description: 'Keys separated by commas; the default ones unless given' }),
      sort: z
        .string()
        .optional()
        .openapi({ description: 'A column’s key; a hyphen before it sorts downwards' }),
    }),
  },
  responses: {
    200: jsonResponse(dataPageSchema.openapi('DataPage'), 'The page'),
    ...problemResponses(400, 404, 422, 429, 502, 504),
  },
})

const getTotals = createRoute({
  method: 'get',
  path: '/v1/report-types/{key}/totals',
  operationId: 'getTotals',
  tags,
  summary: 'How many rows there are, and the totals of the columns that have one',
  description: 'Of all the rows these filters find, counted: it may take seconds where a page does not.',
  security,
  request: { params: keyParams, query: z.object({ filters: filtersQuery }) },
  responses: {
    200: jsonResponse(dataTotalsSchema.openapi('DataTotals'), 'The totals'),
    ...problemResponses(400, 404, 422, 429, 502, 504),
  },
})

const getOptions = createRoute({
  method: 'get',
  path: '/v1/report-types/{key}/filters/{filter}/options',
  operationId: 'listFilterOptions',
  tags,
  summary: 'The choices of a filter, as this person may see them',
  security,
  request: {
    params: keyParams.extend({ filter: z.string().openapi({ param: { name: 'filter', in: 'path' } }) }),
    query: z.object({ q: z.string().max(200).optional().openapi({ description: 'Part of the label' }) }),
  },
  responses: {
    200: jsonResponse(optionListSchema.openapi('OptionList'), 'The choices'),
    ...problemResponses(404, 422, 429, 502, 504),
  },
})

export function reportTypeRoutes(api: Api, deps: ApiDeps, readerOf: DataReaders): void {
  const definitionFor = (context: ApiContext, key: string): ReportDefinition => {
    const definition = usableType(key, context.get('person'), deps.catalogue)
    if (!definition) throw notFound()
    return definition
  }

  const restrictionOf = (
    definition: ReportDefinition,
    filters: Record<string, unknown>,
    person: Person,
  ): RowRestriction => ({
    filters: resolveFilters(definition, filters, { at: deps.now(), timeZone: person.timeZone }),
    viewer: viewerOf(person),
    timeZone: person.timeZone,
  })

  api.openapi(listTypes, (context) => {
    const usable = deps.catalogue
      .all()
      .filter(({ key }) =>
        usableType(key, context.get('person'), deps.catalogue, (err) =>
          deps.logger.warn({ type: key, err }, 'access of this report type throws: it is closed'),
        ),
      )
    const items = usable.map((definition) =>
      typeJson(definition, context.get('person'), context.get('locale')),
    )
    return context.json({ items, total: items.length }, 200)
  })

  api.openapi(getType, (context) => {
    const definition = definitionFor(context, context.req.valid('param').key)
    return context.json(typeJson(definition, context.get('person'), context.get('locale')), 200)
  })

  api.openapi(getRows, async (context) => {
    const definition = definitionFor(context, context.req.valid('param').key)
    const person = context.get('person')
    const query = context.req.valid('query')
    const { page, page_size: pageSize } = query
    const keys = query.columns === undefined ? undefined : query.columns.split(',').map((key) => key.trim())
    const filters = readFilters(query.filters)
    const orderBy = query.sort === undefined ? undefined : readSort(definition, query.sort)
    check(definition, { columns: keys, filters })
    const restriction = restrictionOf(definition, filters, person)
    const offset = (page - 1) * pageSize
    const reader = readerOf(definition)
    const [{ rows }, count] = await whileConnected(context, async (signal) => {
      const read = async () =>
        reader.during(context, signal).rows(
          compileQuery(definition, {
            ...restriction,
            columns: keys,
            orderBy,
            collation: orderBy && (await reader.collation()),
            locale: context.get('locale'),
            limit: pageSize,
            offset,
          }),
        )
      return Promise.all([read(), reader.totals.count(definition, restriction, signal)])
    })
    const columns = columnsOf(definition, keys)
    const items = rows.map((row) =>
      Object.fromEntries(columns.map(({ key, type }, index) => [key, cellJson(row[index] ?? null, type)])),
    )
    // A page that is not full is the last one: its own rows give the exact total.
    const isLast = rows.length < pageSize && (rows.length > 0 || page === 1)
    const known = isLast ? { rows: offset + rows.length, exact: true } : count
    return context.json(
      {
        columns: columns.map(({ key }) => key),
        items,
        // An estimate is never lower than the rows already shown.
        total: known.exact ? known.rows : Math.max(known.rows, offset + rows.length + 1),
        total_exact: known.exact,
        page,
        page_size: pageSize,
        notice: noticeOf(definition, person, context.get('locale')),
      },
      200,
    )
  })

  api.openapi(getTotals, async (context) => {
    const definition = definitionFor(context, context.req.valid('param').key)
    const filters = readFilters(context.req.valid('query').filters)
    check(definition, { filters })
    const restriction = restrictionOf(definition, filters, context.get('person'))
    const { rows, columns } = await whileConnected(context, (signal) =>
      readerOf(definition).totals.totals(definition, restriction, signal),
    )
    return context.json({ total: rows, columns }, 200)
  })

  api.openapi(getOptions, async (context) => {
    const { key, filter } = context.req.valid('param')
    const viewer = viewerOf(context.get('person'))
    const { q = '' } = context.req.valid('query')
    const definition = definitionFor(context, key)
    const list = await whileConnected(context, (signal) =>
      listOptions(readerOf(definition).during(context, signal), definition, filter, viewer, { search: q }),
    )
    if (!list) throw notFound()
    const locale = context.get('locale')
    const items = list.options.map(({ value, label }) => ({ value, label: label[locale] }))
    return context.json({ items, truncated: list.truncated }, 200)
  })
}

function noticeOf(definition: ReportDefinition, person: Person, locale: Locale): string | null {
  return scopeNotice(definition, viewerOf(person))?.[locale] ?? null
}

function typeJson(definition: ReportDefinition, person: Person, locale: Locale) {
  return {
    key: definition.key,
    title: definition.title[locale],
    notice: noticeOf(definition, person, locale),
    columns: definition.columns.map((column) => ({
      key: column.key,
      label: column.label[locale],
      type: column.type,
      scale: column.scale ?? null,
      default: column.default ?? false,
      total: column.total ?? null,
    })),
    filters: definition.filters.map((filter) => ({
      key: filter.key,
      label: filter.label[locale],
      kind: filter.kind,
      options:
        'options' in filter && Array.isArray(filter.options)
          ? filter.options.map(({ value, label }) => ({ value, label: label[locale] }))
          : null,
      relative: filter.kind === 'period' ? [...relativePeriods] : null,
    })),
  }
}

/** @throws ApiProblem with the paths of this query: `columns.N`, `filters.KEY`. */
function check(
  definition: ReportDefinition,
  choice: { columns?: readonly string[]; filters: Record<string, unknown> },
): void {
  const issues = checkColumnsAndFilters(definition, choice)
  if (issues.length === 0) return
  throw invalid(issues.map((issue) => ({ ...issue, path: issue.path.replace(/^filters_json/, 'filters') })))
}

function readFilters(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === '') return {}
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(text))
  const issues = unstorableText(parsed.data, ['filters'])
  if (issues.length > 0) throw invalid(issues)
  if (parsed.success) return parsed.data
  throw invalid([
    { path: 'filters', message: { fr: 'N’est pas un objet JSON.', en: 'Is not a JSON object.' } },
  ])
}

function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text)
  } catch (error) {
    if (error instanceof ApiProblem) throw error
    return undefined
  }
}

function readSort(definition: ReportDefinition, text: string): { column: string; direction: 'asc' | 'desc' } {
  const column = text.replace(/^-/, '')
  if (!definition.columns.some(({ key }) => key === column)) {
    const message = { fr: `La colonne « ${column} » n’existe pas.`, en: `There is no column "${column}".` }
    throw invalid([{ path: 'sort', message }])
  }
  return { column, direction: text.startsWith('-') ? 'desc' : 'asc' }
}
