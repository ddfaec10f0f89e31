import { createMemo } from 'solid-js'
import { zoneCity } from '#domain/timing/zone-name.ts'
import { locale, t } from '../i18n.ts'
import { Combobox } from './combobox.tsx'

/** A time zone, found by its name, its city or what its country calls it. */
export function ZoneField(props: {
  value: string
  error: string | undefined
  hint?: string
  class?: string
  onChange: (zone: string) => void
}) {
  const options = createMemo(() =>
    ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/'))].map((zone) => {
      const city = zoneCity(zone, locale())
      const label = zone.replaceAll('_', ' ')
      return {
        value: zone,
        label,
        detail: label.endsWith(city) ? offsetOf(zone) : `${city} · ${offsetOf(zone)}`,
      }
    }),
  )
  return (
    <Combobox
      label={t('modal.time_zone')}
      class={props.class}
      value={props.value}
      options={options()}
      error={props.error}
      hint={props.hint}
      // Emptied by typing: the last one stays until another is chosen.
      onChange={(zone) => zone && props.onChange(zone)}
    />
  )
}

/** `UTC+2`, at this time of the year. */
function offsetOf(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts()
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return text.replace('GMT', 'UTC')
}
