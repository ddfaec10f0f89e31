/** What a mail server means by a reply, where its number alone does not say. */

/** The enhanced code (RFC 3463) of a reply in one line: "5.2.2" of "552 5.2.2 Mailbox full". */
function enhancedCode(response: string): string | undefined {
  return /^\d{3}[ -](\d\.\d+\.\d+)/.exec(response)?.[1]
}

/**
 * Codes that say by themselves that the sender has sent enough: Gmail's 5.4.5, Exchange's 5.1.90 (recipients a day) and
 * 5.7.705 (the tenant's threshold).
 */
const quotaCodes = new Set(['4.4.5', '5.4.5', '5.1.90', '4.7.705', '5.7.705'])

/** Words that occur together in the replies of Exchange (5.2.0), Gmail, SES and providers of mailboxes. */
const quotaWords =
  /(submission|sending|relay|outbound|outgoing|message|mail|recipient|daily|hourly|per (day|hour)|24 ?hours?)\w*[\s\S]{0,40}(quota|limit|threshold)|(quota|limit|threshold)[\s\S]{0,40}(per (day|hour)|daily|hourly|24 ?hours?|submission|sending|relay)/i
const passed = /exceed|reached|over (your|the)|too many|hit/i

/**
 * Whether the sender's own quota is used up, which a few hours help, whatever the reply's number says. Not the limit of a
 * mailbox (x.2.1, x.2.2), of a message's size, or of connections and mails a second, which seconds help.
 */
export function isAboutQuota(response = ''): boolean {
  const enhanced = enhancedCode(response)
  if (enhanced !== undefined && quotaCodes.has(enhanced)) return true
  if (enhanced !== undefined && /^\d\.(2\.[123]|3\.4)$/.test(enhanced)) return false
  if (/mailbox|\bsize\b|too (big|large)|connections|sending rate|per second/i.test(response)) return false
  return /QuotaExceeded/i.test(response) || (quotaWords.test(response) && passed.test(response))
}

/** 552 without an enhanced code, 5.3.4 (message too big for system), 5.2.3 (longer than allowed): RFC 3463. */
export function isAboutSize(responseCode: number, response = ''): boolean {
  const enhanced = enhancedCode(response)
  return enhanced === undefined ? responseCode === 552 : enhanced === '5.3.4' || enhanced === '5.2.3'
}

/**
 * Whether a refusal of RCPT TO is about the recipient's mailbox. Servers refuse a sender or a client there, too: Postfix
 * keeps all of these until then. Without an enhanced code the words tell.
 */
export function isAboutMailbox(response: string): boolean {
  const enhanced = enhancedCode(response)
  if (enhanced !== undefined) return /^\d\.(1\.[0-6]|2\.\d+)$/.test(enhanced)
  return !/sender|\bfrom\b|relay|denied|authenticat|client|blocked|blacklist/i.test(response)
}
