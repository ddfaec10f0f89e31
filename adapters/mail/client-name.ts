import { isIP } from 'node:net'

/**
 * What the service calls itself in EHLO: the host name of its public address, which is a name in the DNS, as servers
 * ask for (RFC 5321, 4.1.1.1). The machine's own name, which in a container is twelve hexadecimal digits, is refused by
 * strict ones.
 * @returns an address in brackets where PUBLIC_URL has no name; undefined where it names this machine alone: then the
 * machine's name is used.
 */
export function clientNameFor(publicUrl: string): string | undefined {
  const { hostname } = new URL(publicUrl)
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  const isLocal = address === '::1' || address.startsWith('127.') || /(^|\.)localhost$/.test(address)
  if (isLocal) return undefined
  switch (isIP(address)) {
    case 4:
      return `[${address}]`
    case 6:
      return `[IPv6:${address}]`
    default:
      // A dot at the end is right in a URL, and in no EHLO.
      return hostname.replace(/\.$/, '')
  }
}
