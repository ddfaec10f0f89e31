/** How the workflows' sandbox writes failures. Bundled with the workflows (activities/workflow-bundle.ts). */

import { DefaultFailureConverter } from '@temporalio/common'

/**
 * The worker sets a global of this name in the sandbox when payloads are sealed: the sandbox sees no environment, and one
 * bundle serves installations with and without keys.
 */
export const sealsFailures = 'rapporteurSealsFailures'

/**
 * With keys, a failure's message and stack are a payload, which is sealed. Without, they stay in the clear: Temporal Web
 * shows them without a codec.
 */
export const failureConverter = new DefaultFailureConverter({
  encodeCommonAttributes: sealsFailures in globalThis,
})
