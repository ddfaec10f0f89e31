/** The zone dates are shown in: the person's, the browser's until they are known. */

import { createSignal } from 'solid-js'

const [timeZone, setTimeZone] = createSignal(Intl.DateTimeFormat().resolvedOptions().timeZone)
export { timeZone, setTimeZone }
