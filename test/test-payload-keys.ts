/** Keys of tests alone, as PAYLOAD_KEYS has them; the sealed histories in workflows/histories are sealed with the first. */

export const oldKey = 'test-old:b2xkIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzLi4='
export const newKey = 'test-new:bmV3IGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzLi4='
