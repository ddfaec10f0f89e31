/** What a mail says, before any markup: one source for its HTML and its text, so that they cannot differ. */

import type { Locale } from '#domain/locale.ts'

export type Tone = 'neutral' | 'success' | 'warning' | 'danger'

export interface Fact {
  label: string
  value: string
}

export type Block =
  | { block: 'paragraph'; text: string }
  /** Words of the person who set the report up; their line breaks are kept. */
  | { block: 'quote'; text: string; by: string }
  /** Highlighted, so that it is not missed. */
  | { block: 'callout'; tone: Tone; title: string; text: string }
  | { block: 'facts'; facts: readonly Fact[] }
  /** One entry for each recipient, with the mail server's reply. */
  | { block: 'list'; items: readonly { name: string; text: string }[] }
  /** Several links, one for each item. */
  | { block: 'links'; links: readonly { label: string; url: string }[] }
  | { block: 'button'; label: string; url: string; note?: string }
  /** A secondary link, after the button. */
  | { block: 'link'; label: string; url: string }

/** A footer line: text, with a link after it when there is one. */
export interface FooterLine {
  text: string
  link?: { label: string; url: string }
}

export interface MailContent {
  locale: Locale
  tone: Tone
  subject: string
  /** What an inbox shows after the subject. */
  preheader: string
  /** Small line over the title: « Rapport N° 42 ». */
  overline: string
  title: string
  subtitle?: string
  blocks: readonly Block[]
  footer: readonly FooterLine[]
}

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/**
 * Subjects are searched and filtered by what people type, so their spaces are ordinary ones; and a subject is one
 * line, whatever was put into it; 200 characters at most.
 */
export function subjectLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return [...line].slice(0, 200).join('')
}
