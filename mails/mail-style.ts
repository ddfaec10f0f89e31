/** The look of every mail: colours with at least 4.5:1 contrast, in light and in dark. */

import type { Tone } from './mail-content.ts'

const fontStack = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** Light colours, written into each element: mail programs that drop <style> keep these. */
export const ink = {
  page: '#eef1f3',
  card: '#ffffff',
  text: '#1c2529',
  soft: '#55636a',
  line: '#dde3e6',
  accent: '#0b5e63',
} as const

export const wordsText = `font-family: ${fontStack}; overflow-wrap: anywhere; word-break: break-word;`
export const bodyText = `${wordsText} font-size: 16px; line-height: 25px; color: ${ink.text};`
export const smallText = `${wordsText} font-size: 13px; line-height: 20px; color: ${ink.soft};`

interface ToneColours {
  /** Stripe over the card and edge of a callout. */
  edge: string
  /** Background of a callout, and the text on it. */
  ground: string
  words: string
}

export const tones: Readonly<Record<Tone, ToneColours>> = {
  neutral: { edge: '#0b5e63', ground: '#e8f2f2', words: '#0b4a4e' },
  success: { edge: '#23703a', ground: '#e8f4ea', words: '#1c5a2f' },
  warning: { edge: '#a35a00', ground: '#fdf2e0', words: '#6f3f00' },
  danger: { edge: '#b3261e', ground: '#fcecea', words: '#8a1c16' },
}

const darkTones: Readonly<Record<Tone, ToneColours>> = {
  neutral: { edge: '#4fb3b9', ground: '#17312f', words: '#b9e3e4' },
  success: { edge: '#62b87a', ground: '#18301f', words: '#bfe6c9' },
  warning: { edge: '#e0a04a', ground: '#352913', words: '#f3d9ab' },
  danger: { edge: '#f08a80', ground: '#3a1d1b', words: '#f8cac5' },
}

/** Element class → declarations in dark mode. */
const dark: Readonly<Record<string, string>> = {
  page: 'background-color: #12171a',
  card: 'background-color: #1b2226; border-color: #2d373c',
  text: 'color: #e8edef',
  soft: 'color: #a7b4ba',
  line: 'border-color: #2d373c',
  link: 'color: #7fd0d5',
  button: 'background-color: #8fd9dd',
  'button-label': 'color: #06282a',
  ...Object.fromEntries(
    Object.entries(darkTones).flatMap(([tone, { edge, ground, words }]) => [
      [`edge-${tone}`, `border-top-color: ${edge}`],
      [`callout-${tone}`, `background-color: ${ground}; border-color: ${edge}`],
      [`words-${tone}`, `color: ${words}`],
    ]),
  ),
}

function darkRules(prefix: string): string {
  return Object.entries(dark)
    .map(
      ([name, declarations]) => `${prefix}.${name} { ${declarations.replaceAll(/;|$/g, ' !important$&')} }`,
    )
    .join('\n')
}

/** Style sheet for programs that read one: dark colours, and a single column on a phone. */
export const styleSheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; }
a:focus { outline: 2px solid; outline-offset: 2px; }
@media (max-width: 480px) {
  .outer { padding: 0 !important; }
  .card { border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important; }
  .inset { padding-left: 20px !important; padding-right: 20px !important; }
  .title { font-size: 22px !important; line-height: 28px !important; }
  .fact-label, .fact-value { display: block !important; width: auto !important; }
  .fact-label { padding-bottom: 0 !important; border-bottom: 0 !important; }
  .fact-value { padding-top: 2px !important; padding-left: 0 !important; }
  .button-frame { width: 100% !important; }
  .button-label { display: block !important; }
}
@media (prefers-color-scheme: dark) {
${darkRules('')}
}
${darkRules('[data-ogsc] ')}
`
