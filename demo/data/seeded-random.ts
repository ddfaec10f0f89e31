/** Numbers that look random and are the same on every machine, from a seed of two parts. */
export class SeededRandom {
  #state: number

  /** @param stream what the numbers are for, such as a table; @param day days since 1970-01-01. */
  constructor(stream: string, day: number) {
    let hash = 2166136261 ^ day
    for (let index = 0; index < stream.length; index++) {
      hash = Math.imul(hash ^ stream.charCodeAt(index), 16777619)
    }
    this.#state = Math.imul(hash ^ (hash >>> 15), 2246822519)
    this.next()
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number, both bounds included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)] as Item
  }
}
