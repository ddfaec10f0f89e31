import { expect, it } from 'vitest'
import type { ColumnType } from '#domain/report-type.ts'
import { cellJson } from './cell-json.ts'

it.each<[ColumnType, string | null, unknown]>([
  ['text', null, null],
  ['text', '', ''],
  ['text', '007', '007'],
  ['integer', '-12', -12],
  ['integer', '9007199254740993', '9007199254740993'],
  ['decimal', '12345678901234567890.120', '12345678901234567890.120'],
  ['money', '0.10', '0.10'],
  ['boolean', 't', true],
  ['boolean', 'f', false],
  ['date', '2026-10-01', '2026-10-01'],
  ['timestamp', '2026-10-01 08:00:00+00', '2026-10-01T08:00:00Z'],
  ['timestamp', '2026-10-01 08:00:00.123456+00', '2026-10-01T08:00:00.123456Z'],
  ['timestamp', 'infinity', 'infinity'],
])('%s %j', (type, text, expected) => expect(cellJson(text, type)).toEqual(expected))
