import { Temporal } from 'temporal-polyfill'
import type { Locale } from '#domain/locale.ts'
import type { ValueKind } from '#domain/report-type.ts'
import type { Misfit } from '#domain/schemas/report-schema.ts'
import { maxCellText } from './excel-text.ts'
import type { AboutLine } from './excel-skeleton.ts'

/** The content of the workbook's second sheet, about the report. */
export interface ReportAbout {
  number: number
  /** The report type's title. */
  title: string
  requestedBy: string
  generatedAt: Date
  filters: readonly { label: string; value: string }[]
}

export interface WrittenRows {
  rows: number
  sheets: number
  cutTexts: number
  misfits: readonly Misfit[]
}

/** One value and several. */
const kindNames: Readonly<Record<Locale, Readonly<Record<ValueKind, readonly [string, string]>>>> = {
  fr: {
    integer: ['un nombre entier', 'des nombres entiers'],
    number: ['un nombre', 'des nombres'],
    date: ['une date', 'des dates'],
    timestamp: ['une date et heure', 'des dates et heures'],
    boolean: ['oui ou non', 'oui ou non'],
  },
  en: {
    integer: ['a whole number', 'whole numbers'],
    number: ['a number', 'numbers'],
    date: ['a date', 'dates'],
    timestamp: ['a date and time', 'dates and times'],
    boolean: ['yes or no', 'yes or no'],
  },
}

const words = {
  fr: {
    sheet: 'À propos',
    number: 'N°',
    title: 'Type de rapport',
    filters: 'Filtres',
    noFilters: 'aucun',
    requestedBy: 'Demandé par',
    generatedAt: 'Généré le',
    zone: 'Fuseau horaire',
    rows: 'Lignes',
    sheets: 'Feuilles',
    sheetsNote: (sheets: number) =>
      `${sheets} : Excel n’accepte qu’un nombre limité de lignes par feuille, la suite est sur les feuilles suivantes`,
    cut: 'Textes coupés',
    cutNote: (texts: number) =>
      `${texts} : plus longs que les ${maxCellText} caractères qu’une cellule peut contenir ; le fichier CSV les contient en entier`,
    misfits: (values: number, [one, many]: readonly [string, string]) =>
      values === 1
        ? `1 valeur n’était pas ${one} ; elle est écrite comme texte`
        : `${values} valeurs n’étaient pas ${many} ; elles sont écrites comme textes`,
  },
  en: {
    sheet: 'About',
    number: 'N°',
    title: 'Report type',
    filters: 'Filters',
    noFilters: 'none',
    requestedBy: 'Requested by',
    generatedAt: 'Generated on',
    zone: 'Time zone',
    rows: 'Rows',
    sheets: 'Sheets',
    sheetsNote: (sheets: number) =>
      `${sheets}: Excel takes a limited number of rows on a sheet, the rest is on the following sheets`,
    cut: 'Texts cut',
    cutNote: (texts: number) =>
      `${texts}: longer than the ${maxCellText} characters a cell can hold; the CSV file has all of them`,
    misfits: (values: number, [one, many]: readonly [string, string]) =>
      values === 1
        ? `1 value was not ${one}; it is written as text`
        : `${values} values were not ${many}; they are written as text`,
  },
} as const

export function aboutSheetName(locale: Locale): string {
  return words[locale].sheet
}

export function aboutLines(
  about: ReportAbout,
  written: WrittenRows,
  locale: Locale,
  timeZone: string,
): AboutLine[] {
  const text = words[locale]
  const lines: AboutLine[] = [
    [text.number, about.number],
    [text.title, about.title],
  ]
  if (about.filters.length === 0) lines.push([text.filters, text.noFilters])
  for (const { label, value } of about.filters) lines.push([label, value])
  lines.push(
    [text.requestedBy, about.requestedBy],
    [text.generatedAt, wallTime(about.generatedAt, timeZone)],
    [text.zone, timeZone],
    [text.rows, written.rows],
  )
  if (written.sheets > 1) lines.push([text.sheets, text.sheetsNote(written.sheets)])
  if (written.cutTexts > 0) lines.push([text.cut, text.cutNote(written.cutTexts)])
  for (const { label, kind, values } of written.misfits) {
    lines.push([label, text.misfits(values, kindNames[locale][kind])])
  }
  return lines
}

/** Shifts an instant so that its UTC fields, which exceljs writes, are the zone's wall time in whole seconds. */
function wallTime(instant: Date, timeZone: string): Date {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone)
  return new Date(Math.floor(instant.getTime() / 1000) * 1000 + zoned.offsetNanoseconds / 1e6)
}
