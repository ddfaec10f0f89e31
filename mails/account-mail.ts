/** The mails that let a person choose a password: an invitation, and a forgotten password. */

import type { Locale } from '#domain/locale.ts'
import { pagePaths } from '#domain/page-paths.ts'
import { createFormats } from './formats.ts'
import { subjectLine, type MailContent, type RenderedMail } from './mail-content.ts'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'

export interface AccountMailInput {
  kind: 'invitation' | 'password_reset'
  locale: Locale
  timeZone: string
  publicUrl: string
  supportContact?: string
  /** The account's address. */
  email: string
  /** The page where the password is chosen. */
  url: string
  expiresAt: Date
  /** Who invited; empty when no person did. */
  invitedBy?: string
  /** People sign in by the identity provider alone: `url` is the sign-in page. */
  withoutPassword?: boolean
}

const french = {
  invitation: {
    overline: 'Invitation',
    subject: 'Votre accès à Rapporteur',
    title: 'Bienvenue dans Rapporteur',
    preheader: 'Votre compte est ouvert.',
    intro: (by: string, email: string) =>
      `${by === '' ? 'Vous êtes invité' : `${by} vous invite`} à utiliser Rapporteur, où se demandent et se retrouvent les rapports de votre organisation. Votre compte porte l’adresse ${email}.`,
    action: 'Choisir mon mot de passe',
    signIn: 'Me connecter',
    until: (moment: string) => `Ce lien sert une seule fois, jusqu’au ${moment}.`,
    footer: 'Vous recevez ce message parce qu’un compte a été ouvert à cette adresse.',
  },
  password_reset: {
    overline: 'Mot de passe oublié',
    subject: 'Choisir un nouveau mot de passe pour Rapporteur',
    title: 'Choisissez un nouveau mot de passe',
    preheader: 'Le lien que vous avez demandé.',
    intro: (_by: string, email: string) =>
      `Un nouveau mot de passe a été demandé pour le compte ${email}. Si vous n’avez rien demandé, ne faites rien\u00A0: votre mot de passe reste le même.`,
    action: 'Choisir un nouveau mot de passe',
    signIn: 'Me connecter',
    until: (moment: string) => `Ce lien sert une seule fois, jusqu’au ${moment}.`,
    footer: 'Vous recevez ce message parce que cette adresse a un compte.',
  },
  support: (contact: string) => `Service informatique\u00A0: ${contact}.`,
  automatic: 'Message automatique de Rapporteur.',
  open: 'Ouvrir Rapporteur',
}

const english: typeof french = {
  invitation: {
    overline: 'Invitation',
    subject: 'Your access to Rapporteur',
    title: 'Welcome to Rapporteur',
    preheader: 'Your account is open.',
    intro: (by, email) =>
      `${by === '' ? 'You are invited' : `${by} invites you`} to use Rapporteur, where your organisation’s reports are asked for and found again. Your account has the address ${email}.`,
    action: 'Choose my password',
    signIn: 'Sign in',
    until: (moment) => `This link works once, until ${moment}.`,
    footer: 'You receive this message because an account was opened with this address.',
  },
  password_reset: {
    overline: 'Forgotten password',
    subject: 'Choose a new password for Rapporteur',
    title: 'Choose a new password',
    preheader: 'The link that you asked for.',
    intro: (_by, email) =>
      `A new password was asked for the account ${email}. If you did not ask, do nothing: your password stays the same.`,
    action: 'Choose a new password',
    signIn: 'Sign in',
    until: (moment) => `This link works once, until ${moment}.`,
    footer: 'You receive this message because this address has an account.',
  },
  support: (contact) => `IT: ${contact}.`,
  automatic: 'Automatic message from Rapporteur.',
  open: 'Open Rapporteur',
}

export async function renderAccountMail(input: AccountMailInput): Promise<RenderedMail> {
  const { locale, timeZone, publicUrl, supportContact } = input
  const say = { fr: french, en: english }[locale]
  const words = say[input.kind]
  const content: MailContent = {
    locale,
    tone: 'neutral',
    subject: subjectLine(words.subject),
    overline: words.overline,
    title: words.title,
    preheader: words.preheader,
    blocks: [
      { block: 'paragraph', text: words.intro(input.invitedBy ?? '', input.email) },
      {
        block: 'button',
        label: input.withoutPassword ? words.signIn : words.action,
        url: input.url,
        note: input.withoutPassword
          ? undefined
          : words.until(createFormats(locale, timeZone).moment(input.expiresAt)),
      },
    ],
    footer: [
      { text: words.footer },
      ...(supportContact ? [{ text: say.support(supportContact) }] : []),
      { text: say.automatic, link: { label: say.open, url: `${publicUrl}${pagePaths.signIn}` } },
    ],
  }
  return { subject: content.subject, html: await renderHtml(content), text: renderText(content) }
}
