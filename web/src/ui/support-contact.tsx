import { Show } from 'solid-js'
import { useConfiguration } from '../account-queries.ts'
import { t } from '../i18n.ts'

/** Whom « le service informatique » means: an address and a telephone number can be followed, a name is said. */
export function SupportContact(props: { subject: string }) {
  const configuration = useConfiguration()
  return (
    <Show when={configuration.data?.support_contact}>
      {(contact) => (
        <>
          {' '}
          <Show
            when={addressOf(contact(), props.subject)}
            fallback={t('support.contact', { contact: contact() })}
          >
            {(address) => (
              <a class="font-medium underline underline-offset-4" href={address()}>
                {contact()}
              </a>
            )}
          </Show>
        </>
      )}
    </Show>
  )
}

function addressOf(contact: string, subject: string): string | undefined {
  const text = contact.trim()
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return `mailto:${text}?subject=${encodeURIComponent(subject)}`
  if (/^\+?[\d\s().-]{4,}$/.test(text)) return `tel:${text.replace(/[^\d+]/g, '')}`
  if (/^https?:\/\/\S+$/.test(text)) return text
  return undefined
}
