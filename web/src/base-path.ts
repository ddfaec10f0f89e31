/** Below which path of its host the service is; what serves the pages says it (api/http/web-pages.ts). */

/** Such as `/rapporteur`; empty at the root of the host. For the router, and for what is asked by hand. */
export const basePath: string = globalThis.document?.documentElement.dataset['basePath'] ?? ''

/** A path as `pagePaths` and the API's description have it, from one as the browser shows it. */
export function withoutBasePath(pathname: string): string {
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname
}
