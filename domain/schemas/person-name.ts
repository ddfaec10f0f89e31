/** A person's name, as they or the identity provider give it: others read it in lists, notes and mails. */

import { localizedIssue, lineOfText } from './bounded-text.ts'

/** Marks that turn the direction of what follows, and characters without a width. */
const invisible = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

/** One line of 1 to 100 characters that cannot pass for an address or rearrange the text around it. */
export const personName = lineOfText(1, 100).superRefine((name, context) => {
  if (invisible.test(name)) {
    context.addIssue(
      localizedIssue({
        fr: 'Contient des caractères invisibles, à retirer.',
        en: 'Contains invisible characters; remove them.',
      }),
    )
  }
  // The full-width and small forms look the same.
  if (/[@＠﹫<>]/.test(name)) {
    context.addIssue(
      localizedIssue({
        fr: 'Est un nom, sans adresse ni « @ ».',
        en: 'Is a name, without an address or "@".',
      }),
    )
  }
})
