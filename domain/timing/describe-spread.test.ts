import { expect, it } from 'vitest'
import { describeSpread } from './describe-timing.ts'

it('says over how many minutes starts are spread', () => {
  expect(describeSpread(10, 'fr')).toBe('Le départ est réparti sur 10 minutes après l’heure prévue.')
  expect(describeSpread(10, 'en')).toBe('Starts are spread over 10 minutes after the time due.')
})

it('counts a single minute as one', () => {
  expect(describeSpread(1, 'fr')).toBe('Le départ est réparti sur 1 minute après l’heure prévue.')
  expect(describeSpread(1, 'en')).toBe('Starts are spread over 1 minute after the time due.')
})

it('returns an empty text without a spread', () => {
  expect(describeSpread(0, 'fr')).toBe('')
  expect(describeSpread(0, 'en')).toBe('')
})
