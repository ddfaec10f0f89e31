import { describe, expect, it } from 'vitest'
import type { ReportType } from '../api.ts'
import { readDataViewState, writeDataViewState, type DataViewState } from './data-view-state.ts'

const column = (key: string, isDefault = true) =>
  ({ key, label: key, type: 'text', scale: null, default: isDefault, total: null }) as const

const sales: ReportType = {
  key: 'sales',
  title: 'Ventes',
  notice: null,
  columns: [column('day'), column('site'), column('amount'), column('note', false)],
  filters: [
    { key: 'period', label: 'Période', kind: 'period', options: null, relative: null },
    { key: 'sites', label: 'Sites', kind: 'many_of', options: null, relative: null },
    { key: 'amount', label: 'Montant', kind: 'number_range', options: null, relative: null },
    { key: 'refunded', label: 'Remboursé', kind: 'boolean', options: null, relative: null },
  ],
}
const defaults = ['day', 'site', 'amount']
const usual: DataViewState = { filters: {}, columns: undefined, sort: undefined, page: 1, pageSize: 50 }
const filtres = (filters: unknown) => ({ filtres: JSON.stringify(filters) })

describe('readDataViewState', () => {
  it('an address that says nothing is the type as it comes', () => {
    expect(readDataViewState({}, sales)).toEqual(usual)
    expect(readDataViewState({ filtres: '', colonnes: '', tri: '', page: '', lignes: '' }, sales)).toEqual(
      usual,
    )
  })

  it.each([
    ['2', 2],
    ['1000000', 1_000_000],
    ['1000001', 1],
    ['0', 1],
    ['-3', 1],
    ['1.5', 1],
    ['two', 1],
  ])('page %s is page %d', (page, read) => {
    expect(readDataViewState({ page }, sales).page).toBe(read)
  })

  it.each([
    ['25', 25],
    ['200', 200],
    ['50', 50],
    ['500', 50],
    ['25 ', 50],
  ])('lignes=%s shows %d', (lignes, read) => {
    expect(readDataViewState({ lignes }, sales).pageSize).toBe(read)
  })

  it.each([
    ['site,day', ['site', 'day']],
    ['site,site,day', ['site', 'day']],
    ['site,gone,day', ['site', 'day']],
    ['note', ['note']],
    ['gone', undefined],
    [',', undefined],
  ])('colonnes=%s are %j', (colonnes, read) => {
    expect(readDataViewState({ colonnes }, sales).columns).toEqual(read)
  })

  it.each([
    ['amount', 'amount'],
    ['-amount', '-amount'],
    ['--amount', undefined],
    ['gone', undefined],
  ])('tri=%s is %s', (tri, read) => {
    expect(readDataViewState({ tri }, sales).sort).toBe(read)
  })

  it.each([
    ['a relative period', { period: { relative: 'yesterday' } }],
    ['exact dates', { period: { from: '2026-02-01', to: '2026-02-28' } }],
    ['several filters', { sites: ['Évry', 'Lyon'], amount: { min: 0 }, refunded: false }],
  ])('%s is taken as it is', (_, filters) => {
    expect(readDataViewState(filtres(filters), sales).filters).toEqual(filters)
  })

  it.each([
    ['a filter the type does not have', { city: ['Lyon'], refunded: true }],
    [
      'a period that ends before it begins',
      { period: { from: '2026-03-02', to: '2026-03-01' }, refunded: true },
    ],
    ['a day that does not exist', { period: { from: '2026-02-30', to: '2026-03-01' }, refunded: true }],
    ['a range without bounds', { amount: {}, refunded: true }],
    ['a value of another kind', { sites: 'Lyon', refunded: true }],
  ])('%s is left out, the rest stays', (_, filters) => {
    expect(readDataViewState(filtres(filters), sales).filters).toEqual({ refunded: true })
  })

  it.each(['{', '[]', 'null', '7', '"period"', '{"__proto__":{"refunded":true}}'])(
    'filtres=%s are none',
    (text) => {
      expect(readDataViewState({ filtres: text }, sales).filters).toEqual({})
    },
  )
})

describe('writeDataViewState', () => {
  it('says nothing of what is as usual', () => {
    const written = writeDataViewState({ ...usual, columns: defaults }, defaults)
    expect(Object.values(written).filter((value) => value !== undefined)).toEqual([])
  })

  it('says the default columns when their order is another', () => {
    const columns = ['site', 'day', 'amount']
    expect(writeDataViewState({ ...usual, columns }, defaults).colonnes).toBe('site,day,amount')
  })

  it.each<Partial<DataViewState>>([
    { page: 3, pageSize: 200 },
    { sort: '-amount', columns: ['note', 'day'] },
    { filters: { sites: ['A, B', 'Ç&=?'], period: { relative: 'this_month' } } },
    { filters: { amount: { min: -1.5, max: 2 }, refunded: false }, page: 2 },
  ])('%j is read as it was written', (part) => {
    const state = { ...usual, ...part }
    const address = new URLSearchParams()
    for (const [name, value] of Object.entries(writeDataViewState(state, defaults))) {
      if (value !== undefined) address.set(name, value)
    }
    expect(readDataViewState(Object.fromEntries(new URLSearchParams(address.toString())), sales)).toEqual(
      state,
    )
  })
})
