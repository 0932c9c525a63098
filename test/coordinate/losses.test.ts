import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { unitRows } from '../../lib/engine/ops/unit-rows.js'
import { type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import type { Numbers, Tensors } from '../../lib/engine/types.js'
import { infoNce } from '../../lib/coordinate/losses/info-nce.js'
import { pcmc } from '../../lib/coordinate/losses/pcmc.js'
import { pcmr, PCMR_FORMS, regression } from '../../lib/coordinate/losses/pcmr.js'
import type { Relation } from '../../lib/coordinate/losses/relation.js'
import { compare } from '../engine/agree.js'
import { seeds } from '../engine/arbitraries.js'
import { both, compute } from '../engine/compute.js'
import { integers, reals } from '../engine/numbers.js'
import { root } from '../sandbox.js'
import { type Batch, derive, given, inPair, LOSSES } from './batch.js'
import * as float64 from './float64.js'

t.teardown(async () => await both().onnx.dispose())

/** The same by float64 loops and finite differences. */
function expected(name: string, batch: Batch): Record<string, number[]> {
  const { size, dim, modalities, pairs, groups } = batch
  const raw = Object.fromEntries(modalities.map(m => [m, Float64Array.from(batch.raw[m]!)]))
  const logScale = Float64Array.of(batch.logScale)
  const value = (): number => {
    const units = Object.fromEntries(
      modalities.map(m => [m, float64.unit(float64.matrix(raw[m]!, size, dim))]),
    )
    return float64.overPairs(
      pairs.map(pair => {
        const present = inPair(batch, pair)
        const known = { ...(groups && { groups }), ...(present && { present }) }
        const [u, v] = [units[pair.a]!, units[pair.b]!]
        const loss = () =>
          name.startsWith('pcmc')
            ? float64.infoNce(u, v, Math.exp(logScale[0]!), known, name === 'pcmc' ? 0 : 0.2)
            : float64.regression(name as float64.Form, u, v, known)
        return { weight: pair.weight, known, size, loss }
      }),
    )
  }
  return {
    value: [value()],
    ...Object.fromEntries(modalities.map(m => [m, float64.slopes(value, raw[m]!)])),
    ...(name.startsWith('pcmc') && { scale: float64.slopes(value, logScale) }),
  }
}

const batches: fc.Arbitrary<Batch> = fc
  .record({
    size: fc.integer({ min: 2, max: 6 }),
    dim: fc.integer({ min: 2, max: 5 }),
    count: fc.integer({ min: 2, max: 3 }),
    grouped: fc.boolean(),
    holes: fc.boolean(),
    logScale: fc.constantFrom(0, 1, 2.6593, 4.6),
    seed: seeds,
  })
  .map(({ size, dim, count, grouped, holes, logScale, seed }) => {
    const modalities = ['photo', 'text', 'voice'].slice(0, count)
    const pairs = modalities.flatMap((a, i) =>
      modalities.slice(i + 1).map((b, j) => ({ a, b, weight: 1 + (i + j) / 2 })),
    )
    const each = <T>(make: (i: number) => T): Record<string, T> =>
      Object.fromEntries(modalities.map((name, i) => [name, make(i)]))
    return {
      size,
      dim,
      modalities,
      pairs,
      logScale: Math.fround(logScale),
      raw: each(i => reals(size * dim, seed + i, -1, 1)),
      ...(grouped && { groups: integers(size, seed + 9, 0, 2) }),
      ...(holes && { present: each(i => integers(size, seed + 5 + i, 0, 2).map(x => x && 1)) }),
    }
  })

/** Disagreements of both engines with the float64 loops, one line each. */
async function disagreements(names: string[], batch: Batch): Promise<string[]> {
  const step = (inputs: Tensors): Tensors =>
    Object.assign(
      {},
      ...names.map(name =>
        Object.fromEntries(
          Object.entries(derive(name, batch, inputs)).map(([what, tensor]) => [
            `${name} ${what}`,
            tensor,
          ]),
        ),
      ),
    ) as Tensors
  const wanted = Object.fromEntries(names.map(name => [name, expected(name, batch)]))
  const complaints: string[] = []
  for (const [engine, opened] of Object.entries(both())) {
    const found = await compute(opened, given(batch), step)
    for (const [key, numbers] of Object.entries(found)) {
      const [name, what] = key.split(' ') as [string, string]
      const complaint = compare(numbers, Float32Array.from(wanted[name]![what]!))
      if (complaint) complaints.push(`${engine}: ${key}: ${complaint}`)
    }
  }
  return complaints
}

interface Reference extends Batch {
  losses: Record<string, { value: number; scale?: number; gradients: Record<string, number[]> }>
}

t.test('losses and gradients equal those of NumPy', async t => {
  const file = join(root, 'fixtures', 'reference', 'losses.json')
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Record<string, Reference> }
  for (const [what, reference] of Object.entries(cases)) {
    const { groups, present, raw } = reference
    const of = <T>(all: Record<string, number[]>, make: (x: number[]) => T): Record<string, T> =>
      Object.fromEntries(Object.entries(all).map(([name, x]) => [name, make(x)]))
    const batch: Batch = {
      ...reference,
      modalities: Object.keys(raw),
      raw: of(raw as never, x => Float32Array.from(x)),
      ...(groups && { groups: Int32Array.from(groups) }),
      ...(present && { present: of(present as never, x => Int32Array.from(x)) }),
    }
    for (const [name, { value, scale, gradients }] of Object.entries(reference.losses)) {
      const wanted = {
        value: [value],
        ...gradients,
        ...(scale !== undefined && { scale: [scale] }),
      }
      for (const [engine, opened] of Object.entries(both())) {
        const found = await compute(opened, given(batch), x => derive(name, batch, x))
        for (const [key, numbers] of Object.entries(wanted))
          t.equal(
            compare(found[key]!, Float32Array.from(numbers)),
            undefined,
            `${engine}: ${what}: ${name} ${key}`,
          )
      }
    }
  }
})

t.test('losses and gradients equal float64 loops and finite differences', async t => {
  await fc.assert(
    fc.asyncProperty(batches, async batch => {
      const complaints = await disagreements(Object.keys(LOSSES), batch)
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    }),
    { numRuns: 15, seed: 61, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  )
  t.pass('15 batches, six losses, two engines')
})

/** Values of METHODS 7, six digits. */
const U = [1, 0, 0, 1, 1, 1]
const V = [1, 0.2, 0.3, 1, 1, 0.8]
const W = [1, -0.1, -0.2, 1, 0.6, 1]

t.test('the check values of the formulas', async t => {
  const step = ({ u, v, w, groups, present }: Tensors): Tensors => {
    const units = Object.fromEntries(
      Object.entries({ u, v, w }).map(([name, x]) => [name, unitRows(x as Tensor2D)]),
    ) as Record<string, Tensor2D>
    const s = tf.scalar(10)
    const scene = {
      units,
      pairs: [
        { a: 'u', b: 'v', weight: 1 },
        { a: 'u', b: 'w', weight: 1 },
        { a: 'v', b: 'w', weight: 1 },
      ],
      scale: () => s,
      present: () => undefined,
      draws: {},
      relation: (): Relation => ({}),
    }
    const same = { groups: groups as Tensor1D }
    const all = { present: present as Tensor1D }
    return {
      infoNce: infoNce(units.u!, units.v!, s, {}),
      'infoNce, all present': infoNce(units.u!, units.v!, s, all),
      pcmc: pcmc()(scene),
      'infoNce, two positives': infoNce(units.u!, units.v!, s, same),
      balanced: pcmr('balanced')(scene),
      mean: pcmr('mean')(scene),
      hinge: pcmr('hinge')(scene),
      'balanced, two positives': regression('balanced', units.u!, units.v!, same),
      'balanced, two positives, all present': regression('balanced', units.u!, units.v!, {
        ...same,
        ...all,
      }),
    }
  }
  const wanted: Record<string, number> = {
    infoNce: 0.216891,
    'infoNce, all present': 0.216891,
    pcmc: 0.240044,
    'infoNce, two positives': 0.819466,
    balanced: 0.363437,
    mean: 0.241438,
    hinge: 0.36075,
    'balanced, two positives': 0.33731,
    'balanced, two positives, all present': 0.33731,
  }
  const inputs = {
    u: { shape: [3, 2], values: Float32Array.from(U) },
    v: { shape: [3, 2], values: Float32Array.from(V) },
    w: { shape: [3, 2], values: Float32Array.from(W) },
    groups: { shape: [3], values: Int32Array.of(7, 8, 7) },
    present: { shape: [3], values: Float32Array.of(1, 1, 1) },
  }
  for (const [engine, opened] of Object.entries(both())) {
    const found = await compute(opened, inputs, step)
    for (const [name, value] of Object.entries(wanted))
      t.ok(Math.abs(found[name]![0]! - value) < 1e-5, `${engine}: ${name} = ${found[name]![0]}`)
  }
})

const single = (logScale = 2): Batch => ({
  size: 4,
  dim: 3,
  modalities: ['photo', 'text'],
  pairs: [{ a: 'photo', b: 'text', weight: 1 }],
  raw: { photo: reals(12, 1, -1, 1), text: reals(12, 2, -1, 1) },
  logScale,
})

const valuesOf = async (batch: Batch): Promise<Record<string, Record<string, Numbers>>> => {
  const made: Record<string, Record<string, Numbers>> = {}
  for (const name of Object.keys(LOSSES))
    made[name] = await compute(both().onnx, given(batch), inputs => derive(name, batch, inputs))
  return made
}

t.test('rows without a modality neither ask nor answer, whatever they hold', async t => {
  const whole = single()
  const present = Int32Array.of(1, 1, 0, 1, 1, 0)
  const with2 = (raw: Float32Array, filler: number): Float32Array =>
    Float32Array.from([
      ...raw.subarray(0, 6),
      ...[filler, 1, -filler],
      ...raw.subarray(6),
      ...[1, filler, filler],
    ])
  const wanted = await valuesOf(whole)
  for (const filler of [0, 0.9, -1]) {
    const padded: Batch = {
      ...whole,
      size: 6,
      raw: { photo: with2(whole.raw.photo!, filler), text: with2(whole.raw.text!, filler) },
      present: { photo: present, text: Int32Array.of(1, 1, 1, 1, 1, 0) },
    }
    for (const [name, found] of Object.entries(await valuesOf(padded))) {
      t.equal(compare(found.value!, wanted[name]!.value!), undefined, `${name}, ${filler}`)
      for (const absent of [2, 5])
        t.same(found.photo!.subarray(3 * absent, 3 * absent + 3), [0, 0, 0], 'no pull on them')
    }
  }
})

t.test('a pair with fewer than two rows, or none, teaches nothing and spoils nothing', async t => {
  const raw = { photo: reals(12, 1), text: reals(12, 2), voice: reals(12, 3) }
  const modalities = ['photo', 'text', 'voice']
  const pair = (a: string, b: string) => ({ a, b, weight: 1 })
  const complete = Int32Array.of(1, 1, 1, 1)
  for (const voice of [Int32Array.of(0, 0, 0, 0), Int32Array.of(0, 1, 0, 0)]) {
    const batch: Batch = {
      ...single(),
      modalities,
      raw,
      pairs: [pair('photo', 'text'), pair('photo', 'voice'), pair('text', 'voice')],
      present: { photo: complete, text: complete, voice },
    }
    const alone = await valuesOf({ ...single(), raw: { photo: raw.photo, text: raw.text } })
    for (const [name, found] of Object.entries(await valuesOf(batch))) {
      t.equal(compare(found.value!, alone[name]!.value!), undefined, name)
      t.ok(
        found.voice!.every(x => x === 0),
        `${name}: no gradient for the absent`,
      )
    }
    const nobody = { ...batch, pairs: [pair('photo', 'voice'), pair('text', 'voice')] }
    for (const [name, found] of Object.entries(await valuesOf(nobody))) {
      t.equal(found.value![0], 0, `${name}: nothing to compare is no loss`)
      for (const m of modalities)
        t.ok(
          found[m]!.every(x => x === 0),
          `${name}: ${m}`,
        )
    }
  }
})

t.test('zero vectors have finite gradients', async t => {
  const batch = single()
  batch.raw.photo!.fill(0, 3, 6)
  for (const [name, found] of Object.entries(await valuesOf(batch)))
    for (const [what, numbers] of Object.entries(found))
      t.ok(numbers.every(Number.isFinite), `${name}: ${what}`)
})

t.test('captions of one photo are positives of it, not negatives', async t => {
  // Rows 0 and 1 are one item, seen twice; its second caption lies close to its photo.
  const batch = { ...single(0), groups: Int32Array.of(5, 5, 6, 7) }
  const strangers = { ...single(0), groups: Int32Array.of(4, 5, 6, 7) }
  const [together, apart] = [await valuesOf(batch), await valuesOf(strangers)]
  const unique = await valuesOf(single(0))
  for (const name of Object.keys(LOSSES)) {
    t.equal(compare(apart[name]!.value!, unique[name]!.value!), undefined, `${name}: groups of one`)
    t.not(together[name]!.value![0], apart[name]!.value![0], name)
  }
  const pull = (found: Record<string, Numbers>): number => {
    // The change of photo 0 along caption 1: downhill is minus the gradient.
    const caption = batch.raw.text!.subarray(3, 6)
    return -caption.reduce((sum, x, k) => sum + x * found.photo![k]!, 0)
  }
  for (const name of ['pcmc', 'balanced', 'mean'])
    t.ok(pull(together[name]!) > pull(apart[name]!), `${name}: drawn to its other caption`)
})

t.test(
  'losses are means: neither the batch nor the weights change their size (METHODS 5, pitfalls 8 and 12)',
  async t => {
    const batch = { ...single(), groups: Int32Array.of(0, 1, 2, 3) }
    const twice = (numbers: Float32Array): Float32Array =>
      Float32Array.from([...numbers, ...numbers])
    const doubled: Batch = {
      ...batch,
      size: 8,
      raw: { photo: twice(batch.raw.photo!), text: twice(batch.raw.text!) },
      groups: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3),
    }
    const [one, two] = [await valuesOf(batch), await valuesOf(doubled)]
    for (const form of PCMR_FORMS)
      t.equal(compare(two[form]!.value!, one[form]!.value!), undefined, form)
    const bits = Math.log(2)
    t.ok(
      Math.abs(two.pcmc!.value![0]! - one.pcmc!.value![0]! - bits) < 1e-5,
      'each positive is one of two, so choosing it costs a bit more',
    )
    const heavy = { ...batch, pairs: [{ a: 'photo', b: 'text', weight: 7 }] }
    const weighed = await valuesOf(heavy)
    for (const name of Object.keys(LOSSES))
      t.equal(compare(weighed[name]!.photo!, one[name]!.photo!), undefined, name)
  },
)

t.test('the temperature is learned (METHODS 5, pitfall 3)', async t => {
  const found = await valuesOf(single())
  t.not(found.pcmc!.scale![0], 0)
})
