import type { Block, FooterLine, MailContent } from './mail-content.ts'

/** The mail for readers without HTML: every word and link of the HTML, nothing else. */
export function renderText({ locale, overline, title, subtitle, blocks, footer }: MailContent): string {
  const colon = locale === 'fr' ? '\u00A0:' : ':'
  const head = [overline, title, subtitle].filter((line) => line !== undefined).join('\n')
  const parts = [
    head,
    ...blocks.map((block) => blockText(block, colon)),
    ['-- ', ...footer.map((line) => footerText(line, colon))].join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

function blockText(block: Block, colon: string): string {
  switch (block.block) {
    case 'paragraph':
      return block.text
    case 'quote':
      return [block.by, ...block.text.split(/\r\n|\r|\n/).map((line) => `> ${line}`)].join('\n')
    case 'callout':
      return `* ${block.title}\n  ${block.text}`
    case 'facts':
      return block.facts.map(({ label, value }) => `- ${label}${colon} ${value}`).join('\n')
    case 'list':
      return block.items.map(({ name, text }) => `- ${name}\n  ${text}`).join('\n')
    case 'links':
      return block.links.map(({ label, url }) => `- ${label}\n  ${url}`).join('\n')
    case 'link':
      return `${block.label}${colon} ${block.url}`
    case 'button':
      return [`${block.label}${colon}`, block.url, ...(block.note ? [block.note] : [])].join('\n')
  }
}

function footerText({ text, link }: FooterLine, colon: string): string {
  return link ? `${text} ${link.label}${colon} ${link.url}` : text
}
