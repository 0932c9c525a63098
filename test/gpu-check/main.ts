import { availableParallelism, cpus } from 'node:os'
import { onnxEngine } from '../../lib/engine/onnx/engine.js'
import { openEngine } from '../../lib/engine/open.js'
import type { Engine } from '../../lib/engine/types.js'
import { Exit, PcmError } from '../../lib/error.js'
import { type Difference, differenceOf } from './difference.js'
import { HEADINGS, row } from './report.js'
import { type Outcome, runWork } from './run-work.js'
import { type Size, workOf } from './work.js'

/**
 * `npm run gpu-check`: trains PCMC and PCMR on the GPU and on the processor, from the same start on
 * the same data, and compares losses and embeddings. Ends with 0 where they agree, 1 where they do
 * not and 69 where there is no GPU. PCM_ENGINE names an engine to check in place of the GPU.
 */
async function main(): Promise<number> {
  const device = process.env.PCM_ENGINE ? 'auto' : 'gpu'
  const engine = await openEngine({ device })
  const reference = onnxEngine({ threads: availableParallelism() })
  print(`node ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model ?? ''}`)
  print(`checked:   ${engine.description}`)
  print(`reference: ${reference.description}`)
  print('')
  print(HEADINGS)
  try {
    const verdicts: boolean[] = []
    for (const batch of [512, 2048])
      for (const loss of ['pcmc', 'pcmr'] as const)
        verdicts.push(await check(engine, reference, loss, { ...SIZE, batch }))
    print('')
    print(verdicts.every(Boolean) ? 'they agree' : 'THEY DISAGREE')
    return verdicts.every(Boolean) ? Exit.done : Exit.incomplete
  } finally {
    await engine.dispose()
    await reference.dispose()
  }
}

/** The step of the benchmarks: heads of 768 to 512 units; a class and missing rows besides. */
const SIZE: Omit<Size, 'batch'> = {
  items: 4096,
  features: { photo: 768, sound: 768, caption: 768 },
  categories: 64,
  dim: 512,
  epochs: 4,
}

/**
 * Largest differences that rounding explains, as shares of the largest value: AdamW moves a weight
 * by its full rate however small its gradient is, so that last digits grow from step to step.
 */
const TOLERANCE: Omit<Difference, 'learned'> = { loss: 3e-4, embeddings: 1e-2 }

async function check(
  engine: Engine,
  reference: Engine,
  loss: 'pcmc' | 'pcmr',
  size: Size,
): Promise<boolean> {
  const work = workOf(loss, size)
  const expected: Outcome = await runWork(reference, work)
  const found: Outcome = await runWork(engine, work)
  const off = differenceOf(found, expected)
  const agree = off.loss <= TOLERANCE.loss && off.embeddings <= TOLERANCE.embeddings
  print(row({ loss, batch: size.batch, expected, found, off, agree }))
  return agree
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof PcmError)) throw error
  process.stderr.write(`gpu-check: ${error.message}\n  ${error.hint}\n`)
  process.exitCode = error.exit
}
