import type { Bench, Setup } from '../bench.js'
import { stepFlops } from '../machine.js'
import { runWorker } from '../processes.js'
import { runPeer } from '../python.js'
import { type Goal, isNotRun, type NotRun, type Row, rowOf, type Sample } from '../row.js'
import { inTurns, samplesOf, type Side } from '../turns.js'

/** Steps measured in a process, and what must be reached. */
const USUAL = new Map<number, { steps: number; goal: Goal }>([
  [512, { steps: 40, goal: { ratio: 1 } }],
  [2048, { steps: 20, goal: { ratio: 1.2 } }],
  [8192, { steps: 4, goal: { ratio: 1, megabytes: 4000 } }],
])

export const step: Bench = {
  name: 'step',
  summary:
    'a training step: 3 modalities, 768 -> 512 and residual MLP 512, InfoNCE, AdamW (--batch)',
  async *run(setup) {
    const usual = setup.quick ? [64] : [...USUAL.keys()]
    for (const batch of setup.batches.length > 0 ? setup.batches : usual)
      yield await compare(batch, setup)
  },
}

const compare = async (batch: number, setup: Setup): Promise<Row> => {
  const { quick, threads, rounds } = setup
  const { steps, goal } = USUAL.get(batch) ?? { steps: 10, goal: null }
  const given = { batch, steps: quick ? 3 : steps, threads }
  const turns = await inTurns(
    { ours: () => runWorker('step', given), peer: await torch(given, setup) },
    rounds,
  )
  const ours = samplesOf(turns.samples.ours)
  const peer = turns.samples.peer
  const flops = stepFlops({ batch, inputs: [768, 768, 768], dim: 512, layers: 2 })
  return rowOf({
    name: `step, batch ${batch}`,
    ours,
    peer,
    against: 'PyTorch, the fastest of its settings',
    floor: await setup.floor({ flops }),
    goal: quick ? null : goal,
    more: {
      busy: turns.busy,
      megabytes: largest(ours),
      peer_megabytes: isNotRun(peer) ? null : largest(peer),
      peer_settings: isNotRun(peer) ? null : [...new Set(peer.map(({ settings }) => settings))],
      engine: ours[0]?.['engine'],
    },
  })
}

const torch = async (
  { batch, steps, threads }: { batch: number; steps: number; threads: number },
  { quick, python }: Setup,
): Promise<Side | NotRun> => {
  const found = await python()
  if (isNotRun(found)) return found
  const args = ['--batch', `${batch}`, '--steps', `${steps}`, '--threads', `${threads}`]
  if (quick) args.push('--quick')
  return async () => (await runPeer<Sample>(found, 'step_torch.py', args, threads)).printed
}

const largest = (samples: readonly Sample[]): number =>
  Math.max(...samples.map(({ megabytes }) => megabytes as number))
