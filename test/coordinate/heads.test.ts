import t from 'tap'
import { type HeadKind, HEADS } from '../../lib/coordinate/heads/index.js'
import { initialValues, type Layout, layoutOf } from '../../lib/coordinate/layout.js'
import { unpack } from '../../lib/coordinate/pieces.js'
import { dropoutMask, key } from '../../lib/coordinate/random.js'
import { Input, loss, type StepOptions } from '../../lib/coordinate/step.js'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import type { Tensors } from '../../lib/engine/types.js'
import { compare } from '../engine/agree.js'
import { both, compute, type Given } from '../engine/compute.js'
import { integers, reals } from '../engine/numbers.js'
import { infoNce, type Matrix, matrix, slopes, unit } from './float64.js'
import { erf, heads, type Numbers64 } from './float64-heads.js'
import { settingsOf, smallHead } from './settings.js'

t.teardown(async () => await both().onnx.dispose())

const BATCH = 5

/** What a head of one kind is fed: features or codes, and its dropout mask. */
interface Fed {
  x: Given
  mask: Given | undefined
}

function feed(layout: Layout, i: number): Fed {
  const { head, size, dropout } = layout.heads[i]!
  const x =
    head.takes === 'codes'
      ? { shape: [BATCH], values: integers(BATCH, i, 0, size.input - 1) }
      : { shape: [BATCH, size.input], values: reals(BATCH * size.input, i) }
  const [width] = head.dropouts(size)
  const mask =
    dropout > 0 && width !== undefined
      ? {
          shape: [BATCH, width],
          values: dropoutMask(new Float32Array(BATCH * width), dropout, key(1, i)),
        }
      : undefined
  return { x, mask }
}

const KINDS = [...Object.keys(HEADS), 'embedding'] as (HeadKind | 'embedding')[]

/** Gradients of the loss of the text head of one kind against a linear photo head. */
function setting(kind: HeadKind | 'embedding') {
  const dropout = kind === 'embedding' ? 0 : 0.25
  const layout = layoutOf([smallHead('photo', 'linear'), smallHead('text', kind, { dropout })])
  const flat = initialValues(layout, 3)
  // Norms start at 1 and 0, where some mistakes do not show.
  flat.plain.forEach((x, i) => (flat.plain[i] = x + Math.sin(i) / 4))
  return { kind, layout, flat, photo: feed(layout, 0), text: feed(layout, 1) }
}

type Setting = ReturnType<typeof setting>

const optionsOf = ({ layout }: Setting): Omit<StepOptions, 'batch'> => ({
  layout,
  settings: settingsOf({}),
  relations: { grouping: () => 'id', shared: new Set(), incomplete: new Set(), lacking: new Set() },
})

function given({ flat, photo, text }: Setting): Record<string, Given> {
  return {
    [Input.feature('photo')]: photo.x,
    [Input.feature('text')]: text.x,
    ...(text.mask && { [Input.dropout('text', 0)]: text.mask }),
    decayed: { shape: [flat.decayed.length], values: flat.decayed },
    plain: { shape: [flat.plain.length], values: flat.plain },
  }
}

const LOG_SCALE = 1.5

function derive(setting: Setting, inputs: Tensors): Tensors {
  const value = (...[decayed, plain]: Tensor[]): Tensor => {
    const flat = { decayed: decayed!, ...(plain && { plain }) }
    const parameters = unpack(setting.layout, flat)
    return loss(optionsOf(setting), parameters, tf.tensor1d([LOG_SCALE]), inputs)
  }
  const { value: found, grads } = tf.valueAndGrads(value as never)([inputs.decayed!, inputs.plain!])
  return { value: found, decayed: grads[0]!, plain: grads[1]! }
}

/** The same by float64 loops and finite differences. */
function expected({ kind, layout, flat, photo, text }: Setting): Record<string, number[]> {
  const values = {
    decayed: Float64Array.from(flat.decayed),
    plain: Float64Array.from(flat.plain),
    frozen: new Float64Array(0),
  }
  const parametersOf = (name: string): Numbers64 =>
    Object.fromEntries(
      layout.slots
        .filter(({ path }) => path.startsWith(`${name}/`))
        .map(({ path, shape, group, offset, size }) => [
          path.slice(name.length + 1),
          { shape, values: values[group].subarray(offset, offset + size) },
        ]),
    )
  const rows = ({ shape, values }: Given): Matrix => matrix(values, shape[0]!, shape[1] ?? 1)
  const value = (): number =>
    infoNce(
      unit(heads.linear!(rows(photo.x), parametersOf('photo'))),
      unit(heads[kind]!(rows(text.x), parametersOf('text'), text.mask && rows(text.mask))),
      Math.exp(LOG_SCALE),
      {},
    )
  return {
    value: [value()],
    decayed: slopes(value, values.decayed),
    plain: slopes(value, values.plain),
  }
}

t.test('heads and their gradients equal float64 loops and finite differences', async t => {
  const settings = KINDS.map(setting)
  t.same(Object.keys(heads).sort(), KINDS.toSorted(), 'every head has a second definition here')
  for (const [engine, opened] of Object.entries(both()))
    for (const one of settings) {
      const found = await compute(opened, given(one), inputs => derive(one, inputs))
      for (const [what, numbers] of Object.entries(expected(one)))
        t.equal(
          compare(found[what]!, Float32Array.from(numbers)),
          undefined,
          `${engine}: ${one.kind}: ${what}`,
        )
    }
})

t.test('the error function of this file is the error function', async t => {
  const known: [number, number][] = [
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [-2, -0.9953222650189527],
    [3, 0.9999779095030014],
  ]
  for (const [x, y] of known) t.ok(Math.abs(erf(x) - y) < 1e-12, `erf(${x}) = ${erf(x)}`)
})

t.test('every head says what it is and where it comes from, and names its sizes', async t => {
  for (const [name, head] of Object.entries(HEADS)) {
    t.ok(head.summary.length > 10, name)
    t.ok(head.source.length > 5, name)
    const size = { input: 3, hidden: 5, output: 4 }
    const names = head.parameters(size).map(p => p.name)
    t.equal(new Set(names).size, names.length, `${name}: parameters have names of their own`)
    for (const { name: own, decay } of head.parameters(size))
      t.equal(decay, /weight|table/.test(own), `${name}: ${own} ${decay ? 'decays' : 'does not'}`)
  }
})
