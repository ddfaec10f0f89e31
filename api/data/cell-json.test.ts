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
  ['timestamp', '2026-10-01 10:00:00.1+02', '2026-10-01T08:00:00.1Z'],
  ['timestamp', '2026-01-01 00:15:00+05:45', '2025-12-31T18:30:00Z'],
  ['timestamp', '1890-01-01 00:09:21+00:09:21', '1890-01-01T00:00:00Z'],
  ['timestamp', 'infinity', 'infinity'],
  ['timestamp', '0044-03-15 12:00:00+00 BC', '0044-03-15 12:00:00+00 BC'],
  ['timestamp', '12026-01-01 23:30:00+00', '12026-01-01 23:30:00+00'],
])('%s %j', (type, text, expected) => expect(cellJson(text, type)).toEqual(expected))
