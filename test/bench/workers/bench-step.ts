import { adamwStep } from '../../../lib/coordinate/adamw.js'
import { type Head, linearParameters } from '../../../lib/coordinate/heads/head.js'
import { gelu, linear } from '../../../lib/coordinate/heads/layers.js'
import { initialValues, layoutOf } from '../../../lib/coordinate/layout.js'
import { parseLoss } from '../../../lib/coordinate/losses/parse-term.js'
import type { TrainSettings } from '../../../lib/coordinate/settings.js'
import { Input, stepProgram } from '../../../lib/coordinate/step.js'
import { stateOf } from '../../../lib/coordinate/trainer.js'
import { tf } from '../../../lib/engine/tf.js'
import type { Engine, Program } from '../../../lib/engine/types.js'

const NAMES = ['a', 'b', 'c']
const RATE = 1e-3
const DECAY = 0.01

/** The head of peers/step_torch.py: h = l1(x), then h + l3(gelu(l2(h))). */
const head: Head = {
  summary: 'a linear layer and a residual MLP',
  source: 'the benchmark step',
  about: 'For measuring only.',
  takes: 'vectors',
  parameters: ({ input, output }) => [
    ...linearParameters('l1', input, output),
    ...linearParameters('l2', output, output),
    ...linearParameters('l3', output, output),
  ],
  dropouts: () => [],
  forward: (x, p) => {
    const h = linear(x, p, 'l1')
    return tf.add(h, linear(gelu(linear(h, p, 'l2')), p, 'l3'))
  },
}

export interface BenchStep {
  state: ReturnType<Engine['state']>
  /** The same step anew, as another training run would define it. */
  program(): Program
  /** Features that stay what they are, and the numbers of optimiser step t, counted from 1. */
  inputs(t: number): Record<string, Float32Array>
}

/** Three modalities, InfoNCE over all pairs, a learned scale, AdamW without clipping. */
export const benchStep = (engine: Engine, batch: number): BenchStep => {
  const layout = layoutOf(
    NAMES.map(name => ({
      name,
      head,
      size: { input: 768, hidden: 512, output: 512 },
      dropout: 0,
      frozen: false,
    })),
  )
  const settings: TrainSettings = {
    terms: [parseLoss('pcmc')],
    temperature: 'shared',
    scale: 1 / 0.07,
    dim: 512,
    head: () => ({ kind: 'residual-mlp', hidden: 512, dropout: 0 }),
    pairs: NAMES.flatMap((a, i) => NAMES.slice(i + 1).map(b => ({ a, b, weight: 1 }))),
    frozen: new Set(),
    epochs: 1,
    batch,
    together: 1,
    rate: RATE,
    decay: DECAY,
    clip: Infinity,
    warmup: 0,
    patience: 0,
    momentum: 0.995,
    queue: 8192,
    seed: 0,
  }
  const relations = {
    grouping: () => 'id',
    shared: new Set<string>(),
    incomplete: new Set<string>(),
    lacking: new Set<string>(),
  }
  const logScale = Float32Array.of(Math.log(settings.scale))
  const features = Object.fromEntries(
    NAMES.map(name => [
      Input.feature(name),
      Float32Array.from({ length: batch * 768 }, () => 2 * Math.random() - 1),
    ]),
  )
  return {
    state: engine.state(
      stateOf(layout, { values: initialValues(layout, settings.seed), logScale }),
    ),
    program: () => stepProgram({ layout, settings, relations, batch }),
    inputs(t) {
      const { keep, slope, epsilon } = adamwStep(t, RATE, DECAY)
      const scalars = Object.entries({ keep, slope, epsilon })
      return {
        ...features,
        ...Object.fromEntries(scalars.map(([name, value]) => [name, Float32Array.of(value)])),
      }
    },
  }
}
