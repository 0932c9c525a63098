import { readdirSync } from 'node:fs'
import { execaNode } from 'execa'
import t from 'tap'

const engine = new URL('../../lib/engine/onnx/engine.js', import.meta.url).href
const program = `
  const { onnxEngine } = await import(${JSON.stringify(engine)})
  const { tf } = await import(${JSON.stringify(new URL('../../lib/engine/tf.js', import.meta.url).href)})
  const engine = onnxEngine({ threads: 1 })
  const square = ({ inputs }) => ({ outputs: { y: tf.square(inputs.x) } })
  const inputs = { x: { shape: [2], dtype: 'float32' } }
  const compiled = await engine.compile({ name: 'square', inputs, step: square }, engine.state({}))
  await compiled.run({ x: Float32Array.of(1, 2) })
  await engine.dispose()
`

t.test('onnxruntime leaves no file behind and is told to report to nobody', async t => {
  const folder = t.testdir({})
  const { stdout } = await execaNode({
    input: `${program}; process.stdout.write(process.env.ORT_DISABLE_TELEMETRY)`,
    env: { TMPDIR: folder, HOME: folder },
    nodeOptions: ['--input-type=module'],
  })`-`
  t.equal(stdout, '1')
  t.strictSame(readdirSync(folder), [])
})
