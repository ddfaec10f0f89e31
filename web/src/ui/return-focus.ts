import { createComputed } from 'solid-js'

/**
 * Remembers what had the focus when something opened over the page.
 * @returns for `onCloseAutoFocus`: gives the focus back there; to the menu's button when it was in a menu since closed.
 */
export function returnFocus(isOpen: () => boolean): (event: Event) => void {
  let from: HTMLElement | null = null
  createComputed((before: boolean) => {
    const open = isOpen()
    if (open && !before) from = originOf(document.activeElement)
    return open
  }, false)
  return (event) => {
    event.preventDefault()
    if (from?.isConnected) from.focus({ preventScroll: true })
    else document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }
}

function originOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role="menu"]')
  const opener = menu && document.getElementById(menu.getAttribute('aria-labelledby') ?? '')
  if (opener) return opener
  return element instanceof HTMLElement && element !== document.body ? element : null
}
