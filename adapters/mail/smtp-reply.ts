import { toStorableText } from '#domain/storable-text.ts'

/** Longer than any reply a person learns something from; nodemailer takes up to a megabyte. */
const longest = 1_000

/** A mail server's reply as it is kept and shown: of several lines ("550-5.1.1 No\n550 5.1.1 such user") one. */
export function smtpReply(raw: string): string {
  const [first = '', ...rest] = raw.trim().split(/\r?\n/)
  const lines = [
    first.replace(/^(\d{3})-/, '$1 '),
    ...rest.map((line) => line.replace(/^\d{3}[ -](\d\.\d+\.\d+ )?/, '')),
  ]
  return safeText(lines.join(' '))
}

/**
 * Text that a mail server wrote, fit to be kept: what PostgreSQL refuses would hold up the report's result for ever.
 */
export function safeText(text: string): string {
  const clean = text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()
  return toStorableText(clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean)
}
