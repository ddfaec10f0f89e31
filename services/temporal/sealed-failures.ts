/**
 * How activities and clients write failures when payloads are sealed: message and stack as a payload. A file of its own,
 * since Temporal loads it by its path (services/temporal/data-converter.ts); the sandbox has contract/sandbox-failures.ts.
 */

import { DefaultFailureConverter } from '@temporalio/common'

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
