import { jsEngine } from '../../lib/engine/js-engine.js'
import { onnxEngine } from '../../lib/engine/onnx/engine.js'
import type { Engine, Numbers, Tensors } from '../../lib/engine/types.js'

export interface Given {
  shape: number[]
  values: Numbers
}

let engines: { js: Engine; onnx: Engine } | undefined

/** The reference and the engine under test, opened once for a test file. */
export const both = (): { js: Engine; onnx: Engine } =>
  (engines ??= { js: jsEngine(), onnx: onnxEngine({ threads: 1 }) })

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
