/** PUBLIC_URL: the service's address for people, at the root of a host or below a path. */

import { z } from 'zod'
import { pageRoutes, programFolders } from '#domain/page-paths.ts'

/** First parts of the service's own addresses. */
const ownFolders = new Set([...pageRoutes.map((path) => path.split('/')[1] ?? ''), ...programFolders])

/** The path is also that of cookies, and stands in the pages as it is. */
const plainPath = /^(\/[\w.~-]+)*\/?$/

export const publicUrl = z.url().superRefine((text, context) => {
  const fault = faultOf(text)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

function faultOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, pathname, search, hash } = new URL(text)
  if (!/^https?:$/.test(protocol)) return 'is no address http://… or https://…'
  if (username !== '' || password !== '') return 'has a user or password, which links would show'
  if (search !== '' || hash !== '') return 'has a query or fragment: an address ends with its path'
  if (!plainPath.test(pathname)) return 'has a path of other characters than letters, digits, ". _ ~ -"'
  const [, first = ''] = pathname.split('/')
  if (ownFolders.has(first)) return `has a path that begins with /${first}, an address of the service itself`
  return undefined
}
