/**
 * Where menus and lists of choices are put: into the page's main landmark, so that they are part of it for screen
 * readers; into the body while a dialog is open, which hides the rest of the page.
 */
export function popupHome(): HTMLElement | undefined {
  if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return undefined
  return document.querySelector('main') ?? undefined
}
