import { eventually } from './eventually.ts'
import type { Product } from './processes/product.ts'

interface Mail {
  to: { address: string }[]
  text?: string
}

/** The paths of the pages that mails to this address lead to, to choose a password; oldest first, once there are `count`. */
export async function mailedPasswordLinks(
  product: Pick<Product, 'inboxUrl'>,
  address: string,
  count = 1,
): Promise<string[]> {
  const links = async () => {
    const mails = (await (await fetch(`${product.inboxUrl}/email`)).json()) as Mail[]
    return mails
      .filter(({ to }) => to.some((one) => one.address === address))
      .flatMap(({ text = '' }) => /\/mot-de-passe\/\S+/.exec(text)?.[0] ?? [])
  }
  return await eventually(links, (found) => found.length >= count)
}
