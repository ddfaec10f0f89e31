/** Text that a person typed, checked the same way in the API and in the pages. */

import { z } from 'zod'
import type { Localized } from '../locale.ts'

/** The control characters of ASCII and C1, without tab and line breaks. */
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
const lineBreaks = /[\n\r\u2028\u2029\t]/

const messages = {
  control: {
    fr: 'Contient des caractères de contrôle, à retirer.',
    en: 'Contains control characters; remove them.',
  },
  line: { fr: 'Tient sur une seule ligne.', en: 'Must be on one line.' },
} as const satisfies Record<string, Localized>

/** One line, trimmed. */
export function lineOfText(min: number, max: number) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .superRefine((text, context) => {
      if (lineBreaks.test(text)) context.addIssue(localizedIssue(messages.line))
      else if (controlCharacters.test(text)) context.addIssue(localizedIssue(messages.control))
    })
}

/** Several lines, trimmed. */
export function paragraphs(max: number) {
  return z
    .string()
    .trim()
    .max(max)
    .superRefine((text, context) => {
      if (controlCharacters.test(text)) context.addIssue(localizedIssue(messages.control))
    })
}

/** A custom zod issue whose message exists in every language; `issueMessage` picks one. */
export function localizedIssue(message: Localized, path: (string | number)[] = []) {
  return { code: 'custom', message: message.en, path, params: { localized: message } } as const
}
