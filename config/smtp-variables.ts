/** How mails are handed to the mail server: SMTP_URL names it, and these say the rest. */

import { z } from 'zod'
import { maxAnswerMs, maxSendMs } from '#contract/limits.ts'

const maxTimeoutSeconds = 3_600

const seconds = (max = maxTimeoutSeconds, why = '') =>
  z.coerce
    .number('is a number of seconds')
    .positive('is a number of seconds, more than 0')
    .max(max, `is at most ${max} seconds${why}`)
    .optional()

export const smtpVariables = {
  /** `smtp:` alone; unset: required with a password (unless the server is on this machine), else used when offered. */
  SMTP_STARTTLS: z.enum(['required', 'offered', 'never'], 'is required, offered or never').optional(),
  SMTP_VERIFY_CERTIFICATE: z
    .enum(['true', 'false'], 'is true or false')
    .transform((text) => text === 'true')
    .optional(),
  /** What the client calls itself in EHLO; the host of PUBLIC_URL unless given. */
  SMTP_CLIENT_NAME: z
    .string()
    .regex(/^([\w.-]+|\[(IPv6:)?[\da-f.:]+\])$/i, 'is a host name, or an address in brackets')
    .optional(),
  SMTP_CONNECT_TIMEOUT_SECONDS: seconds(),
  SMTP_GREETING_TIMEOUT_SECONDS: seconds(),
  SMTP_SOCKET_TIMEOUT_SECONDS: seconds(),
  SMTP_ANSWER_TIMEOUT_SECONDS: seconds(maxAnswerMs / 1000),
  SMTP_SEND_TIMEOUT_SECONDS: seconds(maxSendMs / 1000, ': a mail not sent by then is tried again'),
} as const

export type SmtpVariable = keyof typeof smtpVariables
export type SmtpVariables = Partial<z.output<z.ZodObject<typeof smtpVariables>>>
