import { html } from 'hono/html'
import type { Block, Fact } from './mail-content.ts'
import { bodyText, ink, smallText, tones, wordsText } from './mail-style.ts'

export type Markup = ReturnType<typeof html>

/** @throws TypeError when a button's link is not http(s). */
export function renderBlock(block: Block): Markup {
  switch (block.block) {
    case 'paragraph':
      return html`<p class="text" style="${bodyText} margin: 0 0 16px;">${block.text}</p>`
    case 'quote':
      return html`<table
        role="presentation"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border="0"
        style="margin: 0 0 20px;"
      >
        <tr>
          <td class="line" style="border-left: 3px solid ${ink.line}; padding: 2px 0 2px 16px;">
            <p class="soft" style="${smallText} margin: 0 0 4px;">${block.by}</p>
            <p class="text" style="${bodyText} margin: 0;">${keepLines(block.text)}</p>
          </td>
        </tr>
      </table>`
    case 'callout':
      return html`<table
        role="presentation"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border="0"
        style="margin: 0 0 20px; border-collapse: separate;"
      >
        <tr>
          <td
            class="callout-${block.tone}"
            style="padding: 14px 18px; border-left: 4px solid ${tones[block.tone].edge}; border-radius: 4px; background-color: ${tones[block.tone].ground};"
          >
            <p
              class="words-${block.tone}"
              style="${wordsText} margin: 0 0 2px; font-size: 16px; line-height: 24px; font-weight: 700; color: ${tones[block.tone].words};"
            >
              ${block.title}
            </p>
            <p
              class="words-${block.tone}"
              style="${wordsText} margin: 0; font-size: 15px; line-height: 23px; color: ${tones[block.tone].words};"
            >
              ${keepLines(block.text)}
            </p>
          </td>
        </tr>
      </table>`
    case 'facts':
      return html`<table
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border="0"
        style="margin: 0 0 20px; border-collapse: collapse;"
      >
        ${block.facts.map((fact, index) => renderFact(fact, index === block.facts.length - 1))}
      </table>`
    case 'list':
      return html`<ul style="margin: 0 0 20px; padding: 0; list-style: none;">
        ${block.items.map(
          ({ name, text }) =>
            html`<li
              class="line"
              style="margin: 0 0 12px; padding: 0 0 0 16px; border-left: 3px solid ${ink.line};"
            >
              <p
                class="text"
                style="${wordsText} margin: 0; font-size: 15px; line-height: 23px; font-weight: 600; color: ${ink.text};"
              >
                ${name}
              </p>
              <p
                class="soft"
                style="${wordsText} margin: 0; font-size: 14px; line-height: 21px; color: ${ink.soft};"
              >
                ${keepLines(text)}
              </p>
            </li>`,
        )}
      </ul>`
    case 'links':
      return html`<ul style="margin: 0 0 20px; padding: 0; list-style: none;">
        ${block.links.map(
          ({ label, url }) =>
            html`<li
              class="line"
              style="margin: 0 0 8px; padding: 0 0 0 16px; border-left: 3px solid ${ink.line};"
            >
              <a
                class="link"
                href="${webAddress(url)}"
                style="${wordsText} font-size: 15px; line-height: 23px; font-weight: 600; color: ${ink.accent}; text-decoration: underline;"
                >${label}</a
              >
            </li>`,
        )}
      </ul>`
    case 'link':
      return html`<p class="text" style="${bodyText} margin: 0 0 20px;">
        <a class="link" href="${webAddress(block.url)}" style="color: ${ink.accent};">${block.label}</a>
      </p>`
    case 'button':
      return html`<table
          role="presentation"
          class="button-frame"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="margin: 4px 0 ${block.note ? 10 : 20}px; border-collapse: separate;"
        >
          <tr>
            <td
              class="button"
              align="center"
              bgcolor="${ink.accent}"
              style="border-radius: 6px; background-color: ${ink.accent};"
            >
              <a
                class="button-label"
                href="${webAddress(block.url)}"
                style="${wordsText} display: inline-block; padding: 13px 26px; font-size: 16px; line-height: 22px; font-weight: 600; text-align: center; color: #ffffff; text-decoration: none;"
                >${block.label}</a
              >
            </td>
          </tr>
        </table>
        ${block.note ? html`<p class="soft" style="${smallText} margin: 0 0 20px;">${block.note}</p>` : ''}`
  }
}

function renderFact({ label, value }: Fact, last: boolean): Markup {
  const line = last ? '' : `border-bottom: 1px solid ${ink.line};`
  return html`<tr>
    <th
      class="fact-label soft line"
      scope="row"
      align="left"
      valign="top"
      width="36%"
      style="${wordsText} padding: 9px 0; ${line} text-align: left; font-size: 14px; line-height: 21px; font-weight: 400; color: ${ink.soft};"
    >
      ${label}
    </th>
    <td
      class="fact-value text line"
      valign="top"
      style="${wordsText} padding: 9px 0 9px 16px; ${line} font-size: 15px; line-height: 21px; color: ${ink.text};"
    >
      ${keepLines(value)}
    </td>
  </tr>`
}

function keepLines(text: string): Markup[] {
  return text.split(/\r\n|\r|\n/).map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`))
}

/** Only http(s): nothing that a person typed can become a `javascript:` link. */
export function webAddress(url: string): string {
  const { protocol, href } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError(`Not a web address: ${protocol}`)
  return href
}
