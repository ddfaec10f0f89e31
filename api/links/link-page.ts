/** The small pages behind links in mails, in French and English, for people who may have no account. */

import { html } from 'hono/html'
import type { Locale, Localized } from '#domain/locale.ts'
import type { Revocation } from '#services/links/link-generation.ts'

export type LinkPage =
  | `revoked_${Revocation}`
  | 'revoked_owner_demoted'
  | 'invalid'
  | 'expired'
  | 'file_gone'
  | 'file_missing'
  | 'unavailable'
  | 'unsubscribe'
  | 'unsubscribed'
  /** From what a person sends by hand. */
  | 'leave_person'
  | 'left_person'

interface About {
  number?: number
  title?: string
  recipient?: string
  /** The name of the person who sends the report. */
  sender?: string
  support?: string
}

const revoked: Localized = { fr: 'Ce lien n’est plus valable', en: 'This link is no longer valid' }
const headings: Readonly<Record<LinkPage, Localized>> = {
  invalid: { fr: 'Ce lien n’est pas valable', en: 'This link is not valid' },
  expired: { fr: 'Ce lien a expiré', en: 'This link has expired' },
  file_gone: { fr: 'Ce fichier n’est plus disponible', en: 'This file is no longer available' },
  file_missing: { fr: 'Ce fichier est introuvable', en: 'This file cannot be found' },
  unavailable: {
    fr: 'Le fichier ne peut pas être remis pour le moment',
    en: 'The file cannot be handed over right now',
  },
  unsubscribe: { fr: 'Ne plus recevoir ce rapport ?', en: 'Stop receiving this report?' },
  unsubscribed: { fr: 'C’est fait', en: 'Done' },
  leave_person: { fr: 'Ne plus recevoir ces rapports ?', en: 'Stop receiving these reports?' },
  left_person: { fr: 'C’est fait', en: 'Done' },
  revoked_owner_left: revoked,
  revoked_owner_demoted: revoked,
  revoked_definition_deleted: revoked,
  revoked_unsubscribed: revoked,
}

function textOf(page: LinkPage, { number, title = '', recipient = '', sender = '' }: About): Localized {
  switch (page) {
    case 'invalid':
      return {
        fr: 'Il est incomplet ou a été modifié. Ouvrez-le depuis le message reçu, en entier.',
        en: 'It is incomplete or was changed. Open it from the message you received, in full.',
      }
    case 'expired':
      return {
        fr: `Le lien du rapport N° ${number} (${title}) n’est plus valable. Si vous avez un compte, connectez-vous : « Mes Rapports » donne un lien neuf. Sinon, demandez le fichier à la personne qui vous envoie ce rapport, en citant le N° ${number}.`,
        en: `The link of report N° ${number} (${title}) is no longer valid. If you have an account, sign in: “My reports” gives a fresh link. Otherwise ask the person who sends you this report, quoting N° ${number}.`,
      }
    case 'revoked_owner_left':
      return {
        fr: `La personne qui envoyait le rapport N° ${number} (${title}) n’a plus de compte actif, et les liens de ses messages ont pris fin. Demandez le fichier à votre contact dans l’organisation, en citant le N° ${number}.`,
        en: `The person who sent report N° ${number} (${title}) no longer has an active account, and the links of their messages have ended. Ask your contact in the organisation for the file, quoting N° ${number}.`,
      }
    case 'revoked_owner_demoted':
      return {
        fr: `La personne qui envoyait le rapport N° ${number} (${title}) n’a plus accès à ces données, et les liens de ses messages ont pris fin. Demandez le fichier à un administrateur, en citant le N° ${number}.`,
        en: `The person who sent report N° ${number} (${title}) may no longer see this data, and the links of their messages have ended. Ask an administrator for the file, quoting N° ${number}.`,
      }
    case 'revoked_definition_deleted':
      return {
        fr: `Le rapport programmé dont vient le rapport N° ${number} (${title}) a été supprimé, et ses liens ont pris fin. Demandez le fichier à ${sender}, en citant le N° ${number}.`,
        en: `The scheduled report that report N° ${number} (${title}) comes from was deleted, and its links have ended. Ask ${sender} for the file, quoting N° ${number}.`,
      }
    case 'revoked_unsubscribed':
      return {
        fr: `Le désabonnement de ${recipient} a mis fin aux liens de ses messages, dont celui du rapport N° ${number} (${title}). Pour recevoir ce rapport à nouveau, adressez-vous à ${sender}.`,
        en: `${recipient} unsubscribed, which ended the links of the messages received until then, this one of report N° ${number} (${title}) among them. To receive this report again, ask ${sender}.`,
      }
    case 'file_gone':
      return {
        fr: `Le fichier du rapport N° ${number} (${title}) a été supprimé à la fin de sa durée de conservation. Demandez-le à nouveau à la personne qui vous envoie ce rapport, en citant le N° ${number}.`,
        en: `The file of report N° ${number} (${title}) was removed when its retention ended. Ask the person who sends you this report for it again, quoting N° ${number}.`,
      }
    case 'file_missing':
      return {
        fr: `Le fichier du rapport N° ${number} (${title}) n’est plus dans le stockage, avant la fin de sa durée de conservation. Demandez-le à nouveau à la personne qui vous envoie ce rapport, en citant le N° ${number}.`,
        en: `The file of report N° ${number} (${title}) is no longer in the storage, before its retention ended. Ask the person who sends you this report for it again, quoting N° ${number}.`,
      }
    case 'unavailable':
      return {
        fr: `Le stockage des fichiers ne répond pas. Réessayez dans quelques minutes ; le lien reste valable.`,
        en: `The file storage does not answer. Try again in a few minutes; the link stays valid.`,
      }
    case 'unsubscribe':
      return {
        fr: `${recipient} ne recevra plus « ${title} », et les liens des messages déjà reçus prendront fin. La personne qui envoie ce rapport en sera informée.`,
        en: `${recipient} will no longer receive “${title}”, and the links of messages already received will end. The person who sends this report will be told.`,
      }
    case 'unsubscribed':
      return {
        fr: `${recipient} ne reçoit plus « ${title} ». Pour le recevoir à nouveau, adressez-vous à la personne qui l’envoie.`,
        en: `${recipient} no longer receives “${title}”. To receive it again, ask the person who sends it.`,
      }
    case 'leave_person':
      return {
        fr: `${recipient} ne recevra plus les rapports que ${sender} envoie à la demande, comme « ${title} ». Ses rapports programmés ont chacun leur propre lien.`,
        en: `${recipient} will no longer receive the reports that ${sender} sends on request, such as “${title}”. Their scheduled reports each have a link of their own.`,
      }
    case 'left_person':
      return {
        fr: `${recipient} ne reçoit plus les rapports que ${sender} envoie à la demande.`,
        en: `${recipient} no longer receives the reports that ${sender} sends on request.`,
      }
  }
}

/** What the page's button posts. */
const buttons: Partial<Record<LinkPage, { words: Localized; again?: boolean }>> = {
  unsubscribe: { words: { fr: 'Ne plus recevoir ce rapport', en: 'Stop receiving this report' } },
  leave_person: { words: { fr: 'Ne plus les recevoir', en: 'Stop receiving them' } },
  left_person: { words: { fr: 'Les recevoir à nouveau', en: 'Receive them again' }, again: true },
}
const helpdesk: Localized = { fr: 'Service informatique :', en: 'IT:' }

/** Everything about people and reports is escaped. The form posts to the page's own address. */
export function linkPage(page: LinkPage, locale: Locale, about: About) {
  const button = buttons[page]
  const again = button?.again ? html`<input type="hidden" name="again" value="yes" />` : ''
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${headings[page][locale]}</title>
        <style>
          body {
            font:
              1rem/1.6 system-ui,
              sans-serif;
            color: #1f2937;
            background: #f3f4f6;
            margin: 0;
          }
          main {
            max-width: 34rem;
            margin: 12vh auto;
            padding: 2rem;
            background: #fff;
            border-radius: 0.75rem;
          }
          h1 {
            font-size: 1.35rem;
            margin: 0 0 0.75rem;
          }
          p {
            overflow-wrap: anywhere;
          }
          button {
            font: inherit;
            padding: 0.6rem 1.1rem;
            border: 0;
            border-radius: 0.5rem;
            color: #fff;
            background: #b91c1c;
            cursor: pointer;
          }
          small {
            color: #4b5563;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${headings[page][locale]}</h1>
          <p>${textOf(page, about)[locale]}</p>
          ${button ? html`<form method="post">${again}<button>${button.words[locale]}</button></form>` : ''}
          ${about.support ? html`<p><small>${helpdesk[locale]} ${about.support}</small></p>` : ''}
        </main>
      </body>
    </html>`
}
