/** What the screen is like now, as CSS would ask; follows it. */

import { createSignal, onCleanup, type Accessor } from 'solid-js'

export function createMediaQuery(query: string): Accessor<boolean> {
  const list = matchMedia(query)
  const [matches, setMatches] = createSignal(list.matches)
  const follow = () => setMatches(list.matches)
  list.addEventListener('change', follow)
  onCleanup(() => list.removeEventListener('change', follow))
  return matches
}
