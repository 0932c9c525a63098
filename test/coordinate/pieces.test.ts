import t from 'tap'
import { emptyValues, GROUPS, layoutOf } from '../../lib/coordinate/layout.js'
import { gradientOf, paste, piecesOf, stateOfPieces, unpack } from '../../lib/coordinate/pieces.js'
import { stateOf } from '../../lib/coordinate/trainer.js'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import { smallHead } from './settings.js'

/** Large and small parameters, that decay, do not, and are frozen. */
const layout = layoutOf([
  smallHead('photo', 'residual-mlp', { input: 300, output: 256 }),
  smallHead('text', 'linear', { frozen: true, input: 300, output: 256 }),
  smallHead('class', 'embedding', { input: 7, output: 256 }),
])
const numbered = () => {
  const values = emptyValues(layout)
  for (const group of GROUPS) values[group].forEach((_, i) => (values[group][i] = i))
  return values
}
const numbersOf = (offset: number, size: number) =>
  Float32Array.from({ length: size }, (_, i) => offset + i)

t.before(async () => await tf.setBackend('cpu'))

t.test('large parameters are tensors of their own, small ones are flat by group', async t => {
  const named = Object.fromEntries(piecesOf(layout).map(piece => [piece.name, piece]))
  t.same(Object.keys(named), [
    ...['decayed', 'decayed/photo/project.weight', 'decayed/photo/refine.weight'],
    ...['plain', 'frozen', 'frozen/text/linear.weight'],
  ])
  t.same(named['decayed/photo/project.weight']!.shape, [300, 256])
  t.same(named['decayed']!.shape, [7 * 256])
  const inPieces = Object.values(named).flatMap(({ slots }) => slots.map(({ path }) => path))
  t.same(inPieces.toSorted(), layout.slots.map(({ path }) => path).toSorted(), 'each in one')
})

t.test('pieces come apart into the parameters they are made of', async t => {
  const state = Object.fromEntries(
    Object.entries(stateOfPieces(layout, numbered())).map(([name, { shape, values }]) => [
      name,
      tf.tensor(values, shape),
    ]),
  )
  const tensors = unpack(layout, state)
  t.same(
    Object.keys(tensors),
    layout.slots.map(({ path }) => path),
  )
  for (const { path, shape, offset, size } of layout.slots) {
    t.same(tensors[path]!.shape, shape, path)
    t.ok(
      bytesOf(tensors[path]!.dataSync() as Float32Array).equals(bytesOf(numbersOf(offset, size))),
    )
  }
  const some = unpack(layout, state, ({ path }) => path.startsWith('class/'))
  t.same(Object.keys(some), ['class/table'], 'only what is asked for')
})

t.test('what was cut is pasted where it was', async t => {
  const flat = emptyValues(layout)
  const state = stateOfPieces(layout, numbered())
  for (const piece of piecesOf(layout)) paste(piece, state[piece.name]!.values, flat[piece.group])
  for (const group of GROUPS) t.ok(bytesOf(flat[group]).equals(bytesOf(numbered()[group])), group)
})

t.test('gradients of parameters become those of pieces, number by number', async t => {
  const gradients: Record<string, Tensor> = Object.fromEntries(
    layout.slots.map(({ path, shape, offset, size }) => [
      path,
      tf.tensor(numbersOf(offset, size), shape),
    ]),
  )
  const state = stateOfPieces(layout, numbered())
  for (const piece of piecesOf(layout)) {
    const made = gradientOf(piece, gradients)
    t.same(made.shape, piece.shape, piece.name)
    t.ok(
      bytesOf(made.dataSync() as Float32Array).equals(bytesOf(state[piece.name]!.values)),
      piece.name,
    )
  }
})

t.test('every piece that is trained has moments of its shape; frozen ones have none', async t => {
  const state = stateOf(layout, { values: numbered(), logScale: Float32Array.of(1) })
  for (const { name, group, shape } of piecesOf(layout))
    for (const moment of ['m', 'v'])
      t.same(state[`${name}/${moment}`]?.shape, group === 'frozen' ? undefined : shape, name)
})

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
