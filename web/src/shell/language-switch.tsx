import { createUniqueId, For } from 'solid-js'
import { locales, type Locale } from '#domain/locale.ts'
import { t } from '../i18n.ts'

/** Each language named in itself, so that its readers recognise it. */
export function LanguageSwitch(props: { value: Locale; onChange: (locale: Locale) => void }) {
  const name = createUniqueId()
  return (
    <fieldset class="flex rounded-lg bg-sunken p-0.5">
      <legend class="sr-only">{t('nav.language')}</legend>
      <For each={locales}>
        {(one) => (
          <label
            lang={one}
            class="cursor-pointer rounded-md px-2 py-0.5 text-xs text-soft transition-colors hover:text-ink has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-low has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              class="sr-only"
              checked={props.value === one}
              onChange={() => props.onChange(one)}
            />
            {t(`language.${one}`)}
          </label>
        )}
      </For>
    </fieldset>
  )
}
