/**
 * The mail as HTML: tables and inline styles, since mail programs understand little else; no image, no script,
 * nothing fetched from anywhere. Every value is escaped by hono's `html`.
 */

import { html, raw } from 'hono/html'
import type { FooterLine, MailContent } from './mail-content.ts'
import { bodyText, ink, smallText, styleSheet, tones, wordsText } from './mail-style.ts'
import { renderBlock, webAddress, type Markup } from './render-block.ts'

/** @throws TypeError when a link is not http(s). */
export async function renderHtml(content: MailContent): Promise<string> {
  const { locale, tone, subject, preheader, overline, title, subtitle, blocks, footer } = content
  const markup = html`<!doctype html>
    <html lang="${locale}" dir="ltr" xmlns="http://www.w3.org/1999/xhtml">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>${subject}</title>
        <style>
          ${raw(styleSheet)}
        </style>
      </head>
      <body class="page" style="margin: 0; padding: 0; background-color: ${ink.page};">
        <div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">
          ${preheader}${raw('&#8199;&#847; '.repeat(60))}
        </div>
        <div role="article" aria-roledescription="email" aria-label="${subject}" lang="${locale}">
          <table
            role="presentation"
            class="page"
            width="100%"
            cellpadding="0"
            cellspacing="0"
            border="0"
            style="background-color: ${ink.page};"
          >
            <tr>
              <td class="outer" align="center" style="padding: 32px 16px;">
                ${raw('<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->')}
                <table
                  role="presentation"
                  class="card edge-${tone}"
                  width="100%"
                  cellpadding="0"
                  cellspacing="0"
                  border="0"
                  style="max-width: 600px; background-color: ${ink.card}; border: 1px solid ${ink.line}; border-top: 4px solid ${tones[tone].edge}; border-radius: 8px; border-collapse: separate;"
                >
                  <tr>
                    <td class="inset" style="padding: 28px 36px 0;">
                      <p class="soft" style="${smallText} margin: 0 0 6px; font-weight: 600;">${overline}</p>
                      <h1
                        class="title text"
                        style="${wordsText} margin: 0; font-size: 25px; line-height: 32px; font-weight: 700; color: ${ink.text};"
                      >
                        ${title}
                      </h1>
                      ${subtitle === undefined ? '' : html`<p class="soft" style="${bodyText} margin: 4px 0 0; color: ${ink.soft};">${subtitle}</p>`}
                    </td>
                  </tr>
                  <tr>
                    <td class="inset" style="padding: 20px 36px 12px;">${blocks.map(renderBlock)}</td>
                  </tr>
                </table>
                <table
                  role="presentation"
                  width="100%"
                  cellpadding="0"
                  cellspacing="0"
                  border="0"
                  style="max-width: 600px;"
                >
                  <tr>
                    <td class="inset" style="padding: 20px 36px 32px;">${footer.map(renderFooterLine)}</td>
                  </tr>
                </table>
                ${raw('<!--[if mso]></td></tr></table><![endif]-->')}
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html> `
  // Indentation is for the reader of this file; some mail programs cut off long messages.
  return String(await markup).replace(/\n\s+/g, '\n')
}

function renderFooterLine({ text, link }: FooterLine): Markup {
  const anchor = link
    ? html` <a
        class="link"
        href="${webAddress(link.url)}"
        style="color: ${ink.accent}; text-decoration: underline; white-space: nowrap;"
        >${link.label}</a
      >`
    : ''
  return html`<p class="soft" style="${smallText} margin: 0 0 8px;">${text}${anchor}</p>`
}
