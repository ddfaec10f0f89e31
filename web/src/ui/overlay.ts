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

/**
 * Where menus, tooltips and lists of choices are put: into the dialog on top, which hides the rest of the page from
 * screen readers; else into the main landmark, so that they are part of the page for them.
 */
export function popupHome(): HTMLElement | undefined {
  const dialogs = document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]')
  return dialogs[dialogs.length - 1] ?? document.querySelector('main') ?? undefined
}
