import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Setup } from '../bench.js'
import { node, runWorker, timeShell } from '../processes.js'
import { rowNotRun, rowOf, type Sample } from '../row.js'
import { inTurns, samplesOf } from '../turns.js'

const INPUT = 512
const DIM = 256

/** Of one row, in the file that is read and in the one that is written; ids and framing included. */
const BYTES_IN = 4 * INPUT + 32
const BYTES_OUT = 4 * DIM + 32

export const embed: Bench = {
  name: 'embed',
  summary: `pcm-embed, ${INPUT} -> ${DIM}, file to file, a million rows (--rows)`,
  async *run(setup) {
    const { quick, rounds, folder } = setup
    const rows = setup.rows ?? (quick ? 10_000 : 1_000_000)
    const { bavail, bsize } = await statfs(folder)
    const needed = rows * (BYTES_IN + BYTES_OUT)
    if (bavail * bsize < 1.1 * needed)
      return yield rowNotRun(
        'pcm-embed',
        `${folder} has no ${(needed / 1e9).toFixed(1)} GB to spare`,
      )
    await prepare(rows, folder)
    const { samples, busy } = await inTurns(sides(rows, setup), rounds)
    const ours = samplesOf(samples.ours)
    const arithmetic = samplesOf(samples.arithmetic)
    const pipe = samplesOf(samples.pipe)
    const measured = {
      ours,
      floor: await setup.floor(workOf(rows)),
      more: { busy, rows },
    }
    yield rowOf({
      ...measured,
      name: 'pcm-embed / slower of the two',
      peer: medianOf(arithmetic) > medianOf(pipe) ? arithmetic : pipe,
      against: 'the slower of arithmetic and pipe alone',
      goal: quick ? null : { ratio: 0.8 },
    })
    yield rowOf({
      ...measured,
      name: 'pcm-embed / arithmetic',
      peer: arithmetic,
      against: 'the same program over one resident block, without start-up',
    })
    yield rowOf({
      ...measured,
      name: 'pcm-embed / pipe',
      peer: pipe,
      against: 'a process that reads and writes the same bytes and computes nothing',
    })
  },
}

const medianOf = (samples: readonly Sample[]): number =>
  rowOf({ name: '', ours: samples, peer: [], against: '' }).ours!

/** A model of two modalities, since one alone cannot be trained, and rows of the first. */
const prepare = async (rows: number, folder: string): Promise<void> => {
  const make = node('test/bench/make-rows')
  await timeShell(
    `${make} 256 ${INPUT} 16 |
      ${node('bin/pcm-train')} --epochs 1 --dim ${DIM} --fallback none -q -o model.arrows
    ${make} ${rows} ${INPUT} > rows.arrows`,
    folder,
  )
}

const sides = (rows: number, { threads, folder }: Setup) => {
  const paths = {
    input: join(folder, 'rows.arrows'),
    model: join(folder, 'model.arrows'),
    output: join(folder, 'out.arrows'),
  }
  const arguments_ = `--model model.arrows --device cpu --threads ${threads} -q -o out.arrows`
  const whole = (command: string) => async (): Promise<Sample> => {
    const sample = await timeShell(command, folder)
    await rm(paths.output)
    return sample
  }
  return {
    ours: whole(`${node('bin/pcm-embed')} rows.arrows ${arguments_}`),
    arithmetic: () => runWorker('arithmetic', { ...paths, rows, threads }),
    pipe: whole(`${node('test/bench/workers/pipe')} '${JSON.stringify({ dim: DIM })}'`),
  }
}

/**
 * The head is residual-mlp: a layer of 512 x 256 and one of 256 x 256. A byte that is read or
 * written passes once from one memory to another, so it counts twice.
 */
const workOf = (rows: number) => ({
  flops: 2 * rows * (INPUT * DIM + DIM * DIM),
  bytes: 2 * rows * (BYTES_IN + BYTES_OUT),
})
