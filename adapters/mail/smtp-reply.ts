import { toStorableText } from '#domain/text/storable-text.ts'

/** Longer than any useful reply; nodemailer accepts up to a megabyte. */
const maxLength = 1_000

/** A mail server's reply as it is stored and shown: several lines ("550-5.1.1 No\n550 5.1.1 such user") become one. */
export function smtpReply(raw: string): string {
  const [first = '', ...rest] = raw.trim().split(/\r?\n/)
  const lines = [
    first.replace(/^(\d{3})-/, '$1 '),
    ...rest.map((line) => line.replace(/^\d{3}[ -](\d\.\d+\.\d+ )?/, '')),
  ]
  return safeText(lines.join(' '))
}

/** A mail server's text, safe to store: text that PostgreSQL refuses would block the report's result for ever. */
export function safeText(text: string): string {
  const clean = text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()
  return toStorableText(clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean)
}
