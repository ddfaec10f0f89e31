import { describe, expect, it } from 'vitest'
import { axisSteps, isAlone, unbroken } from './chart-scale.ts'

describe('axisSteps', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 0.5, 1]],
    [7, [0, 2.5, 5, 7.5]],
    [10, [0, 5, 10]],
    [30, [0, 10, 20, 30]],
    [101, [0, 50, 100, 150]],
    [2_400, [0, 1_000, 2_000, 3_000]],
  ])('up to %d', (largest, steps) => {
    expect(axisSteps(largest)).toEqual(steps)
  })

  it('always holds the largest value, in two to five steps', () => {
    for (let value = 0.001; value < 1e9; value *= 1.37) {
      const steps = axisSteps(value)
      expect(steps.at(-1)).toBeGreaterThanOrEqual(value * (1 - 1e-9))
      expect(steps.length).toBeGreaterThanOrEqual(2)
      expect(steps.length).toBeLessThanOrEqual(5)
    }
  })
})

describe('a line with gaps', () => {
  const values = [1, 2, null, 3, null, null, 0, 5]

  it('is drawn in its stretches; a point between two gaps is in none', () => {
    expect(unbroken(values).map((part) => part.map(({ index }) => index))).toEqual([
      [0, 1],
      [6, 7],
    ])
    expect(unbroken([null, null])).toEqual([])
  })

  it('shows the points that are in no stretch', () => {
    expect(values.map((_, index) => isAlone(values, index) && values[index] !== null)).toEqual(
      values.map((value) => value === 3),
    )
    expect(isAlone([4], 0)).toBe(true)
  })
})
