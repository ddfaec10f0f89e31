/** The name that a person probably meant. */

/**
 * The known name that `written` differs least from, by at most two letters added, left out, replaced or swapped with
 * their neighbour, and by less than half of its own; undefined when none is that near.
 */
export function nearMiss(written: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let least = Math.min(2, Math.ceil(written.length / 2) - 1) + 1
  for (const name of known) {
    const distance = editDistance(written.toLowerCase(), name.toLowerCase())
    if (distance >= least) continue
    least = distance
    nearest = name
  }
  return nearest
}

/** Damerau and Levenshtein's, with neighbours swapped once: SMTP_ULR is one from SMTP_URL. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const distances = [row]
    for (let column = 1; column <= to.length; column++) {
      const at = (up: number, left: number) => rows[row - up]?.[column - left] ?? 0
      const isSame = from[row - 1] === to[column - 1]
      let distance = Math.min(at(1, 0) + 1, (distances[column - 1] ?? 0) + 1, at(1, 1) + (isSame ? 0 : 1))
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (row > 1 && column > 1 && isSwap) distance = Math.min(distance, at(2, 2) + 1)
      distances.push(distance)
    }
    rows.push(distances)
  }
  return rows[from.length]?.[to.length] ?? 0
}
