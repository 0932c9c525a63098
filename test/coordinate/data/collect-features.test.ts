import fc from 'fast-check'
import { readdirSync } from 'node:fs'
import t from 'tap'
import { collectFeatures } from '../../../lib/coordinate/data/collect-features.js'
import type { Dataset } from '../../../lib/coordinate/data/dataset.js'
import { Spilled } from '../../../lib/coordinate/data/spilled.js'
import { standardiseAll } from '../../../lib/coordinate/data/standardise-all.js'
import { copyVector } from '../../../lib/coordinate/data/values.js'
import { vectorsOf } from '../../../lib/coordinate/data/vectors.js'
import { collect } from '../../../lib/stream/collect.js'
import { readStream } from '../../../lib/stream/read.js'
import { memorySource } from '../../stream/memory.js'
import { item, type Item, sampleBytes } from '../../stream/sample.js'

const NAMES = ['photo', 'half', 'words', 'captions', 'nested']

const open = async (items: readonly Item[], cuts: readonly number[]) =>
  await readStream(memorySource(await sampleBytes(items, cuts)))

const collected = async (items: readonly Item[], cuts: readonly number[], memory?: number) => {
  const stream = await open(items, cuts)
  return await collectFeatures(stream, stream.schema.modalities, ['id'], memory)
}

/** Everything as plain numbers, wherever it lies. */
const numbersOf = (modalities: Dataset['modalities']) =>
  Object.entries(modalities).map(([name, modality]) => {
    if (modality.type === 'codes') return [name, [...modality.codes], [...modality.present]]
    const { dim, values, offsets, present, views } = modality
    const out = new Float32Array(values.length)
    for (let v = 0; v * dim < out.length; v++) copyVector(values, dim, v, out, v * dim)
    return [name, [...out], [...offsets], [...present], views]
  })

const someItems = fc.array(item, { minLength: 1, maxLength: 12 })
const someCuts = fc.array(fc.integer({ min: 1, max: 11 }), { maxLength: 4 })

t.test('batches may be cut anywhere, and all of it, some or nothing stay in memory', async t => {
  await fc.assert(
    fc.asyncProperty(someItems, someCuts, fc.nat({ max: 400 }), async (items, cuts, memory) => {
      const whole = await collect(await open(items, []), { modalities: NAMES, others: ['id'] })
      const wanted = Object.fromEntries(
        NAMES.map(name => {
          const column = whole.modalities[name] as Parameters<typeof vectorsOf>[0]
          return [name, { type: 'vectors' as const, ...vectorsOf(column) }]
        }),
      )
      const found = await collected(items, cuts, memory)
      const { class: _, ...vectors } = found.modalities
      t.same(numbersOf(vectors), numbersOf(wanted))
      t.same(found.others['id']!.values, whole.others['id']!.values)
      t.ok(found.bytes - found.spilled <= memory, 'no more than allowed stays')
    }),
    { numRuns: 60 },
  )
})

t.test('features in a file are standardised to the same bytes', async t => {
  await fc.assert(
    fc.asyncProperty(someItems, async items => {
      const [inMemory, inFiles] = [await collected(items, []), await collected(items, [3], 0)]
      const train = Int32Array.from({ length: items.length }, (_, r) => r).filter(r => r % 3 < 2)
      const [a, b] = [inMemory, inFiles].map(({ rows, modalities }) => {
        const data = { rows, modalities, groupings: {}, grouping: () => '' }
        return [standardiseAll(data, train, {}), numbersOf(modalities)]
      })
      t.same(b, a)
    }),
    { numRuns: 30 },
  )
})

t.test('more than a block is read and changed in blocks', async t => {
  const file = new Spilled()
  const numbers = Float32Array.from({ length: 600_000 }, (_, i) => i % 997)
  file.append(numbers.subarray(0, 100_001))
  file.append(numbers.subarray(100_001))
  const offsets = Int32Array.from({ length: 200_001 }, (_, i) => i)
  const modality = (values: Float32Array | Spilled) => ({
    ...{ type: 'vectors' as const, dim: 3, values, offsets, views: false },
    present: new Uint8Array(200_000).fill(1),
  })
  const modalities = { a: modality(file), b: modality(numbers.slice()) }
  const data = { rows: 200_000, modalities, groupings: {}, grouping: () => '' }
  const statistics = standardiseAll(data, offsets.subarray(0, 190_000), {})
  t.same(statistics.a, statistics.b)
  const out = new Float32Array(600_000)
  file.read(0, out)
  t.ok(Buffer.from(out.buffer).equals(Buffer.from((modalities.b.values as Float32Array).buffer)))
  file.close()
})

t.test('the file has no name, and a place without room is named', async t => {
  const { TMPDIR } = process.env
  t.teardown(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
  })
  process.env['TMPDIR'] = t.testdir()
  const file = new Spilled()
  file.append(Float32Array.of(1, 2, 3))
  t.same(readdirSync(process.env['TMPDIR']), [])
  file.close()
  process.env['TMPDIR'] = '/no/such/folder'
  t.throws(() => new Spilled(), {
    message:
      '/no/such/folder: the temporary file of --memory: cannot be written: no such directory',
    exit: 74,
    hint: /set TMPDIR/,
  })
})
