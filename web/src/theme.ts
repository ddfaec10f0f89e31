/** Light or dark: the system's, unless the person chose on this browser (index.html applies it before the first paint). */

import { createSignal } from 'solid-js'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const storageKey = 'rapporteur.theme'

const [theme, setSignal] = createSignal<Theme>(remembered())
export { theme }

export function setTheme(wanted: Theme): void {
  setSignal(wanted)
  const { dataset } = document.documentElement
  if (wanted === 'system') delete dataset.theme
  else dataset.theme = wanted
  try {
    if (wanted === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, wanted)
  } catch {
    // Private windows may refuse: the theme then holds until the page is closed.
  }
}

function remembered(): Theme {
  const chosen = document.documentElement.dataset.theme
  return themes.find((one) => one === chosen) ?? 'system'
}
