import fc from 'fast-check'
import t from 'tap'
import { GramCounts } from '../../lib/extract/encoders/gram-counts.js'
import { murmur3 } from '../../lib/murmur3.js'

const counted = (grams: readonly string[], counts = new GramCounts()): [number, number][] => {
  counts.clear()
  for (const gram of grams) {
    const bytes = Buffer.from(`..${gram}.`)
    counts.add(bytes, 2, bytes.length - 1)
  }
  return Array.from({ length: counts.size }, (_, at) => [counts.hashes[at]!, counts.counts[at]!])
}

/** The same by a Map of texts. */
const expected = (grams: readonly string[]): [number, number][] => {
  const counts = new Map<string, number>()
  for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  return [...counts].map(([gram, count]) => [murmur3(Buffer.from(gram), 0), count])
}

t.test('grams are counted as a Map counts them, in order, text after text', async t => {
  const counts = new GramCounts()
  const gram = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(gram, { maxLength: 200 }), grams => {
      t.strictSame(counted(grams, counts), expected(grams))
    }),
    { numRuns: 50 },
  )
})

t.test('more grams than there is room for at first', async t => {
  const grams = Array.from({ length: 20_000 }, (_, at) => `gram ${at % 7919}`)
  t.strictSame(counted(grams), expected(grams))
})

t.test('grams of one hash remain two', async t => {
  const seen = new Map<number, string>()
  let pair: string[] | undefined
  for (let number = 0; !pair; number++) {
    const hash = murmur3(Buffer.from(String(number)), 0)
    if (seen.has(hash)) pair = [seen.get(hash)!, String(number)]
    seen.set(hash, String(number))
  }
  const grams = [...pair, ...pair, pair[0]!]
  t.strictSame(counted(grams), expected(grams))
  t.equal(counted(grams).length, 2)
})
