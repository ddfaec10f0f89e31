/** Whether changes arrive by themselves (`live`), or lists must be looked at again (`polling`). */

import { createSignal } from 'solid-js'

export type LiveState = 'live' | 'polling'

const [liveState, setLiveState] = createSignal<LiveState>('polling')
export { liveState, setLiveState }
