import t, { type Test } from 'tap'
import { type GpuRoad, unavailable } from '../../lib/engine/gpu.js'
import { jsEngine } from '../../lib/engine/js-engine.js'
import { isForCpu, openEngine } from '../../lib/engine/open.js'
import type { Engine } from '../../lib/engine/types.js'

/** What was tried, in order, and the engine that a road leads to or what it lacks. */
function roads(...ends: { likely?: boolean; lacks?: string; breaks?: string }[]) {
  const tried: string[] = []
  const made = ends.map(({ likely = true, lacks, breaks }, i): GpuRoad => {
    const name = i === 0 ? 'tensorflow' : 'webgpu'
    const open: GpuRoad['open'] = async ({ index }) => {
      tried.push(index === undefined ? name : `${name}:${index}`)
      if (breaks) throw new TypeError(breaks)
      if (lacks) throw unavailable(lacks, 'do something')
      return { ...jsEngine(), name, description: `${name} on a GPU` }
    }
    return { name, likely: () => likely, open }
  })
  return { roads: made, tried }
}

const named = (t: Test, engine: string | undefined): void => {
  const before = process.env.PCM_ENGINE
  if (engine === undefined) delete process.env.PCM_ENGINE
  else process.env.PCM_ENGINE = engine
  t.teardown(() => {
    if (before === undefined) delete process.env.PCM_ENGINE
    else process.env.PCM_ENGINE = before
  })
}

const opened = async (t: Test, engine: Promise<Engine>): Promise<string> => {
  const { name, dispose } = await engine
  t.teardown(dispose)
  return name
}

t.test('auto takes a GPU that works, the first road first', async t => {
  named(t, undefined)
  const { roads: given, tried } = roads({}, {})
  t.equal(await opened(t, openEngine({ device: 'auto' }, given)), 'tensorflow')
  t.same(tried, ['tensorflow'])
})

t.test('auto goes on to the next road, and says nothing of the first', async t => {
  named(t, undefined)
  const said: string[] = []
  const warn = (text: string): void => void said.push(text)
  const { roads: given } = roads({ lacks: 'no library' }, {})
  t.equal(await opened(t, openEngine({ device: 'auto', warn }, given)), 'webgpu')
  t.same(said, [])
})

t.test('auto without a sign of a GPU tries none, says nothing and takes the processor', async t => {
  named(t, undefined)
  const said: string[] = []
  const { roads: given, tried } = roads({ likely: false }, { likely: false })
  const warn = (text: string): void => void said.push(text)
  t.equal(await opened(t, openEngine({ device: 'auto', warn }, given)), 'onnx')
  t.same([tried, said], [[], []])
})

t.test('auto says why a GPU that seems to be there is not used', async t => {
  named(t, undefined)
  const said: string[] = []
  const { roads: given } = roads({ lacks: 'no library' }, { likely: false })
  const warn = (text: string): void => void said.push(text)
  t.equal(await opened(t, openEngine({ device: 'auto', warn }, given)), 'onnx')
  t.same(said, ['no GPU is used: tensorflow: no library (--device cpu asks for none)'])
})

t.test('a road that breaks is a bug, not a missing GPU', async t => {
  named(t, undefined)
  const { roads: given } = roads({ breaks: 'undefined is no function' }, {})
  await t.rejects(openEngine({ device: 'auto' }, given), TypeError)
  await t.rejects(openEngine({ device: 'gpu' }, given), TypeError)
})

t.test('gpu without a GPU says what is missing on every road, and how to install it', async t => {
  named(t, undefined)
  const { roads: given } = roads({ lacks: 'no library' }, { lacks: 'no driver' })
  await t.rejects(openEngine({ device: 'gpu' }, given), {
    exit: 69,
    message: /^--device gpu: no GPU can be used: .*tensorflow: no library; webgpu: no driver$/,
    hint: /npm install @tensorflow\/tfjs-node-gpu@.*npm install webgpu@/,
  })
})

t.test('gpu tries every road, likely or not; gpu:N passes its number on', async t => {
  named(t, undefined)
  const { roads: given, tried } = roads({ likely: false, lacks: 'no library' }, { likely: false })
  t.equal(await opened(t, openEngine({ device: 'gpu:2' }, given)), 'webgpu')
  t.same(tried, ['tensorflow:2', 'webgpu:2'])
})

t.test('cpu is onnx, whatever GPU there is', async t => {
  named(t, undefined)
  const { roads: given, tried } = roads({}, {})
  t.equal(await opened(t, openEngine({ device: 'cpu' }, given)), 'onnx')
  t.same(tried, [])
})

t.test('threads are taken, and told', async t => {
  named(t, undefined)
  const engine = await openEngine({ device: 'cpu', threads: 3 })
  t.teardown(async () => await engine.dispose())
  t.equal(engine.threads, 3)
  t.match(engine.description, /^onnx \(onnxruntime-node \d+\.\d+\.\d+, 3 threads\)$/)
})

t.test('PCM_ENGINE chooses by name', async t => {
  for (const name of ['js', 'onnx']) {
    named(t, name)
    t.equal(await opened(t, openEngine({ device: 'auto' }, roads({}, {}).roads)), name)
  }
})

t.test('PCM_ENGINE of another name is a usage error', async t => {
  for (const name of ['nonsense', 'ONNX', 'constructor', '__proto__']) {
    named(t, name)
    await t.rejects(openEngine({ device: 'auto' }), {
      exit: 64,
      message: `PCM_ENGINE=${name}: expected one of onnx, js, tensorflow, webgpu`,
    })
  }
})

t.test('an engine that cannot be on the device is a usage error, not a fallback', async t => {
  for (const [name, device] of [
    ['onnx', 'gpu'],
    ['js', 'gpu:1'],
    ['webgpu', 'cpu'],
  ] as const) {
    named(t, name)
    await t.rejects(openEngine({ device }), {
      exit: 64,
      message: new RegExp(`^PCM_ENGINE=${name} cannot be on --device ${device}, only on `),
    })
  }
})

t.test('an engine that is named but not there is said to be missing', async t => {
  const before = process.env.PCM_LIBTENSORFLOW
  process.env.PCM_LIBTENSORFLOW = t.testdir({})
  t.teardown(() => {
    if (before === undefined) delete process.env.PCM_LIBTENSORFLOW
    else process.env.PCM_LIBTENSORFLOW = before
  })
  named(t, 'tensorflow')
  for (const device of ['auto', 'cpu', 'gpu'])
    await t.rejects(openEngine({ device }), { exit: 69, message: /no libtensorflow/ }, device)
})

t.test('it is known without opening anything whether the processor computes', t => {
  const quiet = roads({ likely: false }, { likely: false }).roads
  const likely = roads({ likely: false }, {}).roads
  named(t, undefined)
  t.ok(isForCpu({ device: 'cpu' }, likely))
  t.ok(isForCpu({ device: 'auto' }, quiet))
  t.notOk(isForCpu({ device: 'auto' }, likely), 'a GPU may be there')
  t.notOk(isForCpu({ device: 'gpu' }, quiet))
  named(t, 'onnx')
  t.ok(isForCpu({ device: 'auto' }, likely))
  t.notOk(isForCpu({ device: 'gpu' }, likely), 'left to openEngine to refuse')
  named(t, 'js')
  t.notOk(isForCpu({ device: 'cpu' }, quiet))
  t.end()
})
