import { describe, expect, it } from 'vitest'
import type { Message } from './translation.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'

const french: Readonly<Record<string, Message>> = fr
const english: Readonly<Record<string, Message>> = en

describe('the languages', () => {
  it('have the same keys', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(french).sort())
  })

  it('name the same values in each message', () => {
    const differing = Object.keys(french).filter((key) => {
      return placeholders(french[key]).join() !== placeholders(english[key]).join()
    })
    expect(differing).toEqual([])
  })

  it('have a text for each message, without spaces around it', () => {
    for (const [key, message] of [...Object.entries(french), ...Object.entries(english)]) {
      for (const text of typeof message === 'string' ? [message] : Object.values(message)) {
        expect(text, key).not.toBe('')
        expect(text, key).toBe(text.trim())
      }
    }
  })

  // Required word for word, with the typewriter's apostrophe.
  const verbatim = new Set(['reports.relaunched'])

  it('write apostrophes as printers do', () => {
    const texts = Object.entries(french).flatMap(([key, message]) =>
      (typeof message === 'string' ? [message] : Object.values(message)).map((text) => [key, text] as const),
    )
    expect(texts.filter(([key, text]) => text.includes("'") && !verbatim.has(key))).toEqual([])
  })
})

function placeholders(message: Message | undefined): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message ?? {})
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))),
  ].sort()
}
