import { jsEngine } from '../../lib/engine/js-engine.js'
import { openEngine } from '../../lib/engine/open.js'
import { tf } from '../../lib/engine/tf.js'
import type { Engine, Numbers, Tensors } from '../../lib/engine/types.js'

export interface Given {
  shape: number[]
  values: Numbers
}

/** PCM_ENGINE runs the whole set on another engine in place of onnx. */
const tested = await openEngine({ device: process.env.PCM_ENGINE ? 'auto' : 'cpu', threads: 1 })

// Small tensors are otherwise computed on the processor, whose kernels nobody doubts.
if (tested.name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false)

const engines = { js: jsEngine(), onnx: tested }

/** The reference and the engine under test, opened once for a test file. */
export const both = (): { js: Engine; onnx: Engine } => engines

/** Runs a function of tensors once on an engine. */
export async function compute(
  engine: Engine,
  given: Record<string, Given>,
  step: (tensors: Tensors) => Tensors,
): Promise<Record<string, Numbers>> {
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, { shape, values }]) => [
      name,
      { shape, dtype: values instanceof Int32Array ? ('int32' as const) : ('float32' as const) },
    ]),
  )
  const state = engine.state({})
  const program = {
    name: 'test',
    inputs,
    step: (on: { inputs: Tensors }) => ({ outputs: step(on.inputs) }),
  }
  const compiled = await engine.compile(program, state)
  try {
    return await compiled.run(
      Object.fromEntries(Object.entries(given).map(([name, { values }]) => [name, values])),
    )
  } finally {
    compiled.dispose()
    state.dispose()
  }
}
