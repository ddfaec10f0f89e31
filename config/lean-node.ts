/**
 * How Node is started where many rows pass through it: the options and variables that keep its memory small without
 * making it slower. Node reads both only when it starts. docker/entrypoint.sh has the same for the image's worker.
 *
 * Measured: docs/decisions/0168-memory-of-the-processes.md.
 */

/**
 * Rows live for a moment, and what lives for a moment fills the young generation whatever its size: 2 MB (V8 takes 16)
 * are collected more often, each time at the cost of what is still alive, which is next to nothing.
 */
export const leanNodeOptions: readonly string[] = ['--max-semi-space-size=2']

/**
 * For glibc, which else keeps freed memory in up to eight arenas a core, and which raises the size from which a block
 * goes back to the system at once to that of the largest seen, a part of an upload. Other C libraries ignore them.
 */
export const leanNodeEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
}
