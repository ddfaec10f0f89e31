/** The top of an axis and its steps: few round numbers that hold the largest value. */
export function axisSteps(largest: number, wanted = 3): number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = largest / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  const count = Math.ceil(largest / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}

/** The stretches of a line without a gap; a point by itself is none. */
export function unbroken(values: readonly (number | null)[]): { index: number; value: number }[][] {
  const parts: { index: number; value: number }[][] = [[]]
  values.forEach((value, index) => {
    if (value === null) parts.push([])
    else parts.at(-1)?.push({ index, value })
  })
  return parts.filter((part) => part.length > 1)
}

/** A point without neighbours is in no line: it is always shown. */
export function isAlone(values: readonly (number | null)[], index: number): boolean {
  return typeof values[index - 1] !== 'number' && typeof values[index + 1] !== 'number'
}
