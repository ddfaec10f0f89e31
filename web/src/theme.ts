/** Light or dark: the system's, unless the person chose on this browser (index.html applies it before the first paint). */

import { createSignal } from 'solid-js'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const memory = 'rapporteur.theme'

const [theme, setSignal] = createSignal<Theme>(remembered())
export { theme }

export function setTheme(wanted: Theme): void {
  setSignal(wanted)
  const { dataset } = document.documentElement
  if (wanted === 'system') delete dataset.theme
  else dataset.theme = wanted
  try {
    if (wanted === 'system') localStorage.removeItem(memory)
    else localStorage.setItem(memory, wanted)
  } catch {
    // A private window forgets it: the page is themed all the same.
  }
}

function remembered(): Theme {
  const chosen = document.documentElement.dataset.theme
  return themes.find((one) => one === chosen) ?? 'system'
}
