/**
 * Where menus, tooltips and lists of choices are put: into the dialog on top, which hides the rest of the page from
 * screen readers; else into the main landmark, so that they are part of the page for them.
 */
export function popupHome(): HTMLElement | undefined {
  const dialogs = document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]')
  return dialogs[dialogs.length - 1] ?? document.querySelector('main') ?? undefined
}
