import { describe, expect, it } from 'vitest'
import { ink, styleSheet, tones } from './mail-style.ts'

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(colour.slice(start, start + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(left: string, right: string): number {
  const [light = 0, dark = 0] = [luminance(left), luminance(right)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** The colour that the style sheet gives a class in dark mode. */
function inTheDark(className: string, property: 'color' | 'background-color'): string {
  const rule = new RegExp(`^\\.${className} \\{ (.*) \\}$`, 'm').exec(styleSheet)?.[1] ?? ''
  const colour = new RegExp(`(?:^|; )${property}: (#[0-9a-f]{6}) !important`).exec(rule)?.[1]
  if (!colour) throw new Error(`No ${property} for .${className} in the dark`)
  return colour
}

describe('the mails’ colours', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })

  const pairs: [string, string, string][] = [
    ['text on the card', ink.text, ink.card],
    ['labels on the card', ink.soft, ink.card],
    ['footer on the page', ink.soft, ink.page],
    ['link in the footer', ink.accent, ink.page],
    ['button', '#ffffff', ink.accent],
    ...Object.entries(tones).map(([tone, { words, ground }]): [string, string, string] => [
      `${tone} callout`,
      words,
      ground,
    ]),
    ['text on the card, dark', inTheDark('text', 'color'), inTheDark('card', 'background-color')],
    ['labels on the card, dark', inTheDark('soft', 'color'), inTheDark('card', 'background-color')],
    ['footer on the page, dark', inTheDark('soft', 'color'), inTheDark('page', 'background-color')],
    ['link in the footer, dark', inTheDark('link', 'color'), inTheDark('page', 'background-color')],
    ['button, dark', inTheDark('button-label', 'color'), inTheDark('button', 'background-color')],
    ...Object.keys(tones).map((tone): [string, string, string] => [
      `${tone} callout, dark`,
      inTheDark(`words-${tone}`, 'color'),
      inTheDark(`callout-${tone}`, 'background-color'),
    ]),
  ]
  it.each(pairs)('%s can be read', (_where, words, ground) => {
    expect(contrast(words, ground)).toBeGreaterThanOrEqual(4.5)
  })
})
