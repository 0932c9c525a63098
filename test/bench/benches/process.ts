import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Bench, Setup } from '../bench.js'
import { stepFlops } from '../machine.js'
import { node, timeShell } from '../processes.js'
import { runPeer } from '../python.js'
import { isNotRun, median, type NotRun, rounded, rowNotRun, rowOf, type Sample } from '../row.js'
import { inTurns, samplesOf, type Side } from '../turns.js'

/** LandUse_21.mat: 2100 items in three views; the reference trains on 1680 of them. */
const WIDTHS = [20, 59, 40]
const TRAINED = 1680
const EPOCHS = 60
const BATCH = 256
const DIM = 128

const NOTE =
  'ours ends with a written model and is not asked to validate; the peer ends with an evaluation, ' +
  'peer_evaluation ms of its time, and writes no model'

export const wholeProcess: Bench = {
  name: 'process',
  summary: 'a whole training run from cold start to written model (LandUse_21.mat named after it)',
  async *run(setup) {
    const { quick, threads, rounds, folder } = setup
    const file = setup.file ?? process.env['PCM_BENCH_LANDUSE']
    if (!file || !existsSync(file)) {
      const reason = file ? `no file ${file}` : 'no LandUse_21.mat: name it, or PCM_BENCH_LANDUSE'
      return yield rowNotRun('process', reason)
    }
    const epochs = quick ? 2 : EPOCHS
    await symlink(resolve(file), join(folder, 'landuse21.mat'))
    await timeShell(`${EXTRACT} -o features.arrows`, folder)
    const train = trainCommand({ epochs, threads })
    const { samples, busy } = await inTurns(
      {
        train: () => timeShell(`${train} features.arrows`, folder),
        both: () => timeShell(`${EXTRACT} | ${train}`, folder),
        peer: await reference(file, epochs, setup),
      },
      rounds,
    )
    const flops = stepFlops({ batch: BATCH, inputs: WIDTHS, dim: DIM, layers: 1 })
    const measured = {
      peer: samples.peer,
      against: 'reference.py --seeds 1, a whole process',
      floor: await setup.floor({ flops: flops * epochs * Math.floor(TRAINED / BATCH) }),
      goal: quick ? null : { ratio: 2.5 },
      more: { busy, peer_evaluation: evaluation(samples.peer), note: NOTE },
    }
    yield rowOf({ ...measured, name: 'pcm-train', ours: samplesOf(samples.train) })
    yield rowOf({ ...measured, name: 'pcm-extract | pcm-train', ours: samplesOf(samples.both) })
  },
}

const EXTRACT =
  `${node('bin/pcm-extract')} ` +
  [0, 1, 2].map(i => `-m v${i}=vector:landuse21.mat::X.${i}`).join(' ') +
  ` --split train=0:${TRAINED},test=${TRAINED}:`

const trainCommand = ({ epochs, threads }: { epochs: number; threads: number }): string =>
  `${node('bin/pcm-train')} --head residual-mlp --dim ${DIM} --batch ${BATCH} ` +
  `--epochs ${epochs} --val 0 --device cpu --threads ${threads} -q -o model.arrows`

const reference = async (
  file: string,
  epochs: number,
  { threads, python }: Setup,
): Promise<Side | NotRun> => {
  const found = await python()
  if (isNotRun(found)) return found
  const args = [file, '--seeds', '1', '--epochs', `${epochs}`, '--threads', `${threads}`]
  return async () => {
    const { ms, printed } = await runPeer<{ evaluation_s: number }>(
      found,
      'reference.py',
      args,
      threads,
    )
    return { median: ms, best: ms, evaluation: printed.evaluation_s * 1000 }
  }
}

const evaluation = (peer: readonly Sample[] | NotRun): number | null =>
  isNotRun(peer) ? null : rounded(median(peer.map(({ evaluation }) => evaluation as number)))
