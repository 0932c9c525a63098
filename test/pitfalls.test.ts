import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from './sandbox.js'

/**
 * What went wrong in published code, by its number in METHODS 5: the test that keeps each from
 * happening here says so in its name.
 */
const PITFALLS: Record<number, string> = {
  1: 'label matrices divided by the sums of their columns',
  2: 'logits multiplied by a mask, so that padding counts as 0',
  3: 'a temperature without a gradient, or without a bound',
  4: 'queues that start with random negatives, or hold part of a batch',
  5: 'a draw from negatives where there is none',
  6: 'parts of an evaluation that are put together by adding',
  7: 'hubness without what is never retrieved',
  8: 'a loss that grows with the batch',
  9: 'the last batch of an epoch always lost',
  10: 'captions of one item as negatives of each other',
  11: 'the epoch chosen on the test split',
  12: 'means and sums confused',
  13: 'vectors averaged before they are scaled',
  14: 'statistics, banks or weights from the test split',
  15: 'the angle of equal or opposed vectors',
  16: 'k above the size of the gallery',
}

t.test('every pitfall has a test that is named after it', async t => {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  const named = new Map<number, string>()
  for (const file of files.filter(name => name.endsWith('.test.ts')))
    for (const [, one, two] of readFileSync(join(root, 'test', file), 'utf8').matchAll(
      /pitfalls? (\d+)(?: and (\d+))?\)/g,
    ))
      for (const number of [one, two]) if (number) named.set(Number(number), file)
  for (const [number, what] of Object.entries(PITFALLS))
    t.ok(named.has(Number(number)), `${number}: ${what}: ${named.get(Number(number))}`)
  t.equal(named.size, Object.keys(PITFALLS).length)
})
