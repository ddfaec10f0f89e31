/** Turns one mail into MIME: headers are safe from injection, an attachment is streamed completely or fails. */

import { pipeline, Transform, type Readable } from 'node:stream'
import addressParser from 'nodemailer/lib/addressparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import { MailError } from './classify-mail-error.ts'

export interface MailAttachment {
  fileName: string
  contentType: string
  content: Readable
  /** When given, the content must have exactly this many bytes, and the server gets the size in advance. */
  sizeBytes?: number
}

export interface Mail {
  /** One address, `name@domain`, without a display name. */
  to: string
  subject: string
  html: string
  text: string
  /** Angle brackets included; the same on every attempt (see message-id.ts). */
  messageId: string
  /** The N°, for the header `X-Rapporteur-Report`. */
  reportNumber?: number
  /** For unsubscribing; over https in one click, by POST (RFC 8058). */
  unsubscribeUrl?: string
  headers?: Readonly<Record<string, string>>
  attachment?: MailAttachment
}

export interface Sender {
  name: string
  address: string
}

/** No route within the local part either (`victim%elsewhere@…`, `elsewhere!victim@…`). */
const addressPattern = /^[^\s@<>(),;:\\"[\]%!\p{Cc}]+@[^\s@<>(),;:\\"[\]\p{Cc}]+$/u

/**
 * Reads an address of the configuration: `address` or `Name <address>`.
 * @throws Error naming the variable when it is not exactly one address.
 */
export function parseSender(variable: string, text: string): Sender {
  const [parsed, ...others] = addressParser(text, { flatten: true })
  if (!parsed?.address || others.length > 0 || !addressPattern.test(parsed.address)) {
    throw new Error(
      `${variable}: not a mail address: "${text}" (wanted: name@example.org or Name <name@example.org>)`,
    )
  }
  return { name: parsed.name ?? '', address: parsed.address }
}

export interface ComposedMail {
  /** Starts reading the attachment. Call it once, when the stream has a consumer. */
  open(): Readable
  /** Null when the attachment's size is not known. */
  estimatedBytes: number | null
}

/**
 * @param unsubscribeAddress where a mail program may write instead of opening the mail's `unsubscribeUrl`
 * @throws MailError, permanent, when the recipient is not an address.
 */
export function composeMail(
  mail: Mail,
  from: Sender,
  replyTo: Sender | null,
  unsubscribeAddress?: string,
): ComposedMail {
  if (!addressPattern.test(mail.to)) {
    throw new MailError(`Not a mail address: ${JSON.stringify(mail.to)}`, {
      kind: 'permanent',
      code: 'mail_refused',
      stage: 'connect',
    })
  }
  const message = new MailComposer({
    from,
    // An object, so that a comma in it can never become a second recipient.
    to: { name: '', address: mail.to },
    ...(replyTo ? { replyTo } : {}),
    subject: literal(oneLine(mail.subject)),
    messageId: mail.messageId,
    html: mail.html,
    text: mail.text,
    headers: { ...standardHeaders(mail), ...unsubscribeHeaders(mail, unsubscribeAddress), ...mail.headers },
    ...(mail.attachment
      ? {
          attachments: [
            {
              filename: oneLine(mail.attachment.fileName),
              contentType: mail.attachment.contentType,
              content: rejectIncomplete(mail.attachment),
              contentTransferEncoding: 'base64',
            },
          ],
        }
      : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  }).compile()
  return { open: () => message.createReadStream(), estimatedBytes: estimateBytes(mail) }
}

type Headers = Record<string, string | { prepared: true; foldLines: false; value: string }>

function standardHeaders({ reportNumber }: Mail): Headers {
  return {
    // Automatic replies are suppressed by both: the first is RFC 3834, the second is for older programs.
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
    // Suppresses absence messages of Exchange and Outlook.
    'X-Auto-Response-Suppress': 'OOF, AutoReply',
    ...(reportNumber === undefined ? {} : { 'X-Rapporteur-Report': String(reportNumber) }),
  }
}

/** One click needs https: RFC 8058, 3.1. Over http mail programs open the page, or write to the address. */
function unsubscribeHeaders({ unsubscribeUrl, messageId }: Mail, address: string | undefined): Headers {
  if (unsubscribeUrl === undefined) return {}
  const { href, protocol } = new URL(unsubscribeUrl)
  // The Message-ID says from what: neither address nor token stands in a mail that others may read.
  const subject = encodeURIComponent(`unsubscribe ${messageId}`)
  const ways = [`<${href}>`, ...(address === undefined ? [] : [`<mailto:${address}?subject=${subject}>`])]
  return {
    // On one line: not every reader of this header unfolds it.
    'List-Unsubscribe': { prepared: true, foldLines: false, value: ways.join(', ') },
    ...(protocol === 'https:' ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  }
}

/**
 * The content unchanged, or an error: a source that fails, or ends short, must never end the message as if it were
 * complete.
 */
function rejectIncomplete({ content, sizeBytes }: MailAttachment): Readable {
  let passed = 0
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length
      done(null, chunk)
    },
    flush(done) {
      if (sizeBytes === undefined || passed === sizeBytes) done()
      else done(new Error(`The attachment has ${passed} bytes where ${sizeBytes} were announced`))
    },
  })
  // pipeline also reports a source that was closed without an end; pipe() would wait for ever. The error itself
  // reaches the caller through the message's stream.
  pipeline(content, guard, () => {})
  guard.on('error', () => {})
  return guard
}

/** Base64 in lines of 76 characters; texts as quoted-printable, with the largest expansion of French. */
function estimateBytes({ html, text, attachment }: Mail): number | null {
  if (attachment && attachment.sizeBytes === undefined) return null
  const encoded = Math.ceil((attachment?.sizeBytes ?? 0) / 3) * 4 * (78 / 76)
  return Math.ceil(encoded + (html.length + text.length) * 1.2 + 2048)
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

/**
 * Encoded words that a person typed stay text: a reader would decode them. nodemailer encodes only the words that need
 * it, so the whole text is encoded here.
 */
function literal(text: string): string {
  return text.includes('=?') ? encodeWord(text, 'Q', 52) : text
}
