/** Variables that are lists, separated by commas; empty: an empty list. */

import { z } from 'zod'

/** @param each what each part becomes; parts that become empty are left out. */
export function listOf(each: (part: string) => string = (part) => part) {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => each(part.trim()))
        .filter(Boolean),
    )
}

const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,}$/

/** In lower case. */
export const domains = listOf((part) => part.toLowerCase()).pipe(
  z.array(z.string().regex(domain, 'domains such as example.org, separated by commas, without "@"')),
)
