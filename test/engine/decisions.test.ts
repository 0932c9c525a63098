import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { onnxEngine } from '../../lib/engine/onnx/engine.js'
import { kernels } from '../../lib/engine/onnx/kernels/index.js'
import { operations } from '../../lib/engine/onnx/operations.js'
import { trace } from '../../lib/engine/onnx/trace.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import type { Program } from '../../lib/engine/types.js'
import { root } from '../sandbox.js'

const engine = onnxEngine({ threads: 1 })
t.teardown(async () => await engine.dispose())

const SHAPE = [2, 3]

/** A program of one input that does one thing. */
const doing = (compute: (x: Tensor) => Tensor): Program => ({
  name: 'attempt',
  inputs: { x: { shape: SHAPE, dtype: 'float32' } },
  step: ({ inputs }) => ({ outputs: { y: compute(inputs.x!) } }),
})

const traced = (compute: (x: Tensor) => Tensor) => () => trace(doing(compute), {})

t.test('random numbers are refused, seeded ones too, with the name and our line', async t => {
  const draws: [string, (x: Tensor) => Tensor][] = [
    ['randomUniform', () => tf.randomUniform(SHAPE)],
    ['randomUniform', () => tf.randomUniform(SHAPE, 0, 1, 'float32', 7)],
    ['randomUniformInt', () => tf.randomUniformInt(SHAPE, 0, 9, 7)],
    ['randomNormal', () => tf.randomNormal(SHAPE, 0, 1, 'float32', 7)],
    ['randomStandardNormal', () => tf.randomStandardNormal(SHAPE, 'float32', 7)],
    ['randomGamma', () => tf.randomGamma(SHAPE, 1, 1, 'float32', 7)],
    ['truncatedNormal', () => tf.truncatedNormal(SHAPE, 0, 1, 'float32', 7)],
    ['rand', () => tf.rand(SHAPE, () => 4)],
    ['dropout', x => tf.dropout(x, 0.5, undefined, 7)],
  ]
  for (const [name, draw] of draws)
    t.throws(traced(draw), { message: new RegExp(`tf\\.${name} .*decisions\\.test`) }, name)
  t.throws(
    traced(x => tf.multinomial(x as Tensor2D, 2, 7)),
    { message: /operation Multinomial .*decisions\.test/ },
    'and drawing by weights is not traced at all',
  )
})

t.test('values are not read, whichever way', async t => {
  const reads: [string, (x: Tensor) => unknown][] = [
    ['dataSync', x => x.dataSync()],
    ['arraySync', x => x.arraySync()],
    ['print', x => x.print()],
    ['data, never awaited', x => x.data()],
    ['array', x => x.array()],
    ['bytes', x => x.bytes()],
    ['whereAsync', x => tf.whereAsync(tf.greater(x, 0))],
    ['booleanMaskAsync', x => tf.booleanMaskAsync(x, tf.greater(x, 0))],
  ]
  for (const [name, read] of reads)
    t.throws(
      traced(x => {
        void read(x)
        return x
      }),
      { message: /may not read the value of a tensor/ },
      name,
    )
})

t.test('tensors of elsewhere do not enter a trace', async t => {
  await tf.setBackend('cpu')
  const outside = tf.tensor([[1, 2, 3]])
  t.throws(
    traced(x => tf.add(x, outside)),
    { message: /made outside/ },
    'made by another engine',
  )
  let kept: Tensor | undefined
  trace(
    doing(x => (kept = tf.keep(tf.mul(x, 2)))),
    {},
  )
  t.throws(
    traced(x => tf.add(x, kept!)),
    { message: /made outside/ },
    'made in an earlier trace',
  )
  t.equal(tf.getBackend(), 'cpu', 'and the backend is what it was, after errors too')
})

t.test('an operation that is lacking is named, with the line of ours that used it', async t => {
  const lacking: [string, (x: Tensor) => Tensor][] = [
    ['FFT', x => tf.real(tf.spectral.fft(tf.complex(x, x)))],
    ['ResizeBilinear', x => tf.image.resizeBilinear(tf.reshape(x, [1, 2, 3, 1]) as never, [4, 6])],
    ['Unique', x => tf.unique(tf.reshape(x, [6])).values],
  ]
  for (const [name, use] of lacking)
    t.throws(
      traced(use),
      { message: new RegExp(`operation (${name}|Complex) is not among.*decisions\\.test`) },
      name,
    )
})

t.test('the list of what is traced is printed, one name a line', async t => {
  const script = join(root, 'dist', 'lib', 'engine', 'print-operations.js')
  const env = { ...process.env, NODE_OPTIONS: '' }
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8', env })
  t.same(printed.trimEnd().split('\n'), operations)
  t.same(new Set(operations), new Set(Object.keys(kernels)))
  t.same(operations, operations.toSorted())
  for (const name of ['BatchMatMul', 'Softmax', 'TopK', 'GatherV2', 'UnsortedSegmentSum', 'Erf'])
    t.ok(operations.includes(name), name)
})

t.test('constants that repeat one number are folded and never expanded', async t => {
  const graph = trace(
    doing(x => {
      const half = tf.div(tf.sqrt(tf.fill(SHAPE, 4)), tf.add(tf.onesLike(x), tf.fill(SHAPE, 3)))
      const scale = tf.sum(tf.transpose(tf.reshape(half, [3, 2])))
      return tf.mul(tf.add(x, tf.zeros(SHAPE)), scale)
    }),
    {},
  )
  t.same(
    graph.nodes.map(({ op }) => op),
    ['Mul'],
  )
  t.same(
    [...graph.initializers.values()].map(({ shape }) => shape),
    [[]],
    'one scalar is all the graph holds',
  )
})

t.test('equal nodes are made once', async t => {
  const twice = (x: Tensor): Tensor => tf.add(tf.exp(tf.mul(x, 2)), tf.log(tf.exp(tf.mul(x, 2))))
  const graph = trace(doing(twice), {})
  t.same(graph.nodes.map(({ op }) => op).toSorted(), ['Add', 'Exp', 'Log', 'Mul'])
})

/** Adds the input to a sum kept in the state, and says how large the sum is. */
const summing = (name: string, factor: number): Program => ({
  name,
  inputs: { x: { shape: [3], dtype: 'float32' } },
  step: ({ state, inputs }) => {
    const sum = tf.add(state.sum!, tf.mul(inputs.x!, factor))
    return { state: { sum }, outputs: { total: tf.sum(sum) } }
  },
})

t.test('several programs share one state, which can be read and written between', async t => {
  const state = engine.state({
    sum: { shape: [3], values: Float32Array.of(1, 2, 3) },
    untouched: { shape: [2], values: Int32Array.of(7, 8) },
  })
  const [once, twice] = await Promise.all(
    [1, 2].map(factor => engine.compile(summing(`times ${factor}`, factor), state)),
  )
  const x = Float32Array.of(1, 1, 1)
  const first = await once!.run({ x })
  t.same(first.total, [9])
  t.same((await twice!.run({ x })).total, [15])
  t.same((await once!.run({ x })).total, [18])
  t.same(await state.read('sum'), [5, 6, 7])
  t.same(first.total, [9], 'outputs belong to the caller')
  state.write('sum', Float32Array.of(0, 0, 1))
  t.same((await twice!.run({ x })).total, [7])
  t.same(await state.read('untouched'), [7, 8])
  const read = await state.read('sum')
  read.fill(0)
  t.same(await state.read('sum'), [2, 2, 3], 'what was read is a copy')
  t.same(x, [1, 1, 1])
  once!.dispose()
  once!.dispose()
  t.same((await twice!.run({ x })).total, [13], 'disposing of one leaves the others')
  state.dispose()
})

t.test('the state may swap its tensors, keep them and give them out', async t => {
  const state = engine.state({
    a: { shape: [2], values: Float32Array.of(1, 2) },
    b: { shape: [2], values: Float32Array.of(3, 4) },
  })
  const program: Program = {
    name: 'swap',
    inputs: {},
    step: ({ state }) => ({ state: { a: state.b!, b: state.a! }, outputs: { a: state.a! } }),
  }
  const swap = await engine.compile(program, state)
  t.same((await swap.run({})).a, [1, 2])
  t.same(await state.read('a'), [3, 4])
  t.same(await state.read('b'), [1, 2])
  t.same((await swap.run({})).a, [3, 4])
  t.same((await swap.run({})).a, [1, 2])
  t.same(await state.read('a'), [3, 4])
  swap.dispose()
  state.dispose()
})

t.test('what a state starts with is copied', async t => {
  const values = Float32Array.of(1, 2, 3)
  const state = engine.state({ sum: { shape: [3], values } })
  values.fill(9)
  t.same(await state.read('sum'), [1, 2, 3])
  state.write('sum', values)
  values.fill(0)
  t.same(await state.read('sum'), [9, 9, 9])
  state.dispose()
})

t.test('booleans come out as 0 and 1', async t => {
  const state = engine.state({})
  const program = await engine.compile(
    doing(x => tf.greater(x, 0)),
    state,
  )
  const { y } = await program.run({ x: Float32Array.of(1, -1, 0, 2, -2, 3) })
  t.same(y, Int32Array.of(1, 0, 0, 1, 0, 1))
  program.dispose()
  state.dispose()
})

t.test('a wrong number of values is an error, not a wrong answer', async t => {
  const state = engine.state({ sum: { shape: [3], values: new Float32Array(3) } })
  const program = await engine.compile(summing('sum', 1), state)
  await t.rejects(program.run({ x: new Float32Array(4) }), { message: /4 values .* \[3\]/ })
  t.throws(() => state.write('sum', new Float32Array(2)), { message: /2 values .* \[3\]/ })
  t.throws(() => state.write('product', new Float32Array(3)), { message: /no state .* product/ })
  program.dispose()
  state.dispose()
})

t.test('thousands of steps leave memory as it was', async t => {
  const state = engine.state({ w: { shape: [64], values: new Float32Array(64) } })
  const program = await engine.compile(
    {
      name: 'descent',
      inputs: { x: { shape: [32, 64], dtype: 'float32' } },
      step: ({ state, inputs }) => {
        const loss = (w: Tensor): Tensor =>
          tf.mean(tf.square(tf.sub(tf.dot(inputs.x as Tensor2D, w as Tensor1D), 1)))
        const { value, grad } = tf.valueAndGrad(loss as never)(state.w!)
        return { state: { w: tf.sub(state.w!, tf.mul(grad, 1e-3)) }, outputs: { loss: value } }
      },
    },
    state,
  )
  const x = Float32Array.from({ length: 32 * 64 }, (_, i) => Math.sin(i))
  const run = async (steps: number): Promise<number> => {
    for (let i = 0; i < steps; i++) await program.run({ x })
    return process.memoryUsage().rss / 2 ** 20
  }
  await run(1000)
  const before = await run(1)
  const after = await run(3000)
  t.ok(after - before < 24, `${before.toFixed(1)} MiB, then ${after.toFixed(1)} MiB`)
  program.dispose()
  state.dispose()
})
