/** Limits on JSON from outside, checked on its text: whatever walks the parsed value afterwards is bounded as well. */

import { ApiProblem } from './api-problem.ts'

/** The deepest body the API takes has six levels. */
const maxLevels = 32
/** The longest one, 500 columns and 100 recipients with long filters, has some 2,000. */
const maxValues = 20_000

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c] as const
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d] as const

/**
 * Parses JSON within the limits. One pass over the text comes first: 1 MB takes about 5 ms.
 * @throws ApiProblem `json_too_complex`; SyntaxError when it is no JSON.
 */
export function parseBoundedJson(text: string): unknown {
  if (isTooComplex(text)) throw new ApiProblem('json_too_complex')
  return JSON.parse(text) as unknown
}

/** Also of text that is no JSON. Commas and brackets are counted; those within texts are not. */
function isTooComplex(text: string): boolean {
  let levels = 0
  let values = 1
  let isInText = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (isInText) {
      if (code === backslash) index++
      else if (code === quote) isInText = false
    } else if (code === quote) isInText = true
    else if (code === openList || code === openObject) {
      if (++levels > maxLevels || ++values > maxValues) return true
    } else if (code === closeList || code === closeObject) levels--
    else if (code === comma && ++values > maxValues) return true
  }
  return false
}
