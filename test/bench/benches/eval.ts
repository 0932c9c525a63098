import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Setup } from '../bench.js'
import type { Peak } from '../peak-preload.js'
import { compiled, runTimed, runWorker } from '../processes.js'
import { runPeer } from '../python.js'
import { isNotRun, type NotRun, type Row, rounded, rowOf, type Sample } from '../row.js'
import { inTurns, samplesOf, type Side } from '../turns.js'

const DIM = 512
const LARGE = 100_000
const SMALL = 1000
/** What the process may take beside the embeddings, MB. */
const BESIDE = 1000

export const evaluate: Bench = {
  name: 'eval',
  summary: 'exact ranks of 100,000 queries in 100,000 entries, 512 numbers each (--rows: queries)',
  async *run(setup) {
    const gallery = setup.quick ? 2000 : LARGE
    const rows = setup.rows ?? gallery
    const quarter = await compare(rows / 4, gallery, setup)
    yield quarter
    yield growth(quarter, await compare(rows, gallery, setup))
    yield await compare(SMALL, SMALL, setup)
  },
}

/** How the time of four times the queries compares with four times the time. */
const growth = (quarter: Row, whole: Row): Row => ({
  ...whole,
  growth: rounded(whole.ours! / (4 * quarter.ours!)),
})

const compare = async (rows: number, gallery: number, setup: Setup): Promise<Row> => {
  const { folder, quick, rounds } = setup
  await runWorker('vectors', { rows, gallery, dim: DIM, folder })
  const { samples, busy } = await inTurns(
    { ours: () => ours(setup), peer: await faiss(setup) },
    rounds,
  )
  const embeddings = (4 * DIM * (rows + gallery)) / 1e6
  const mine = samplesOf(samples.ours)
  const large = !quick && rows > SMALL
  return rowOf({
    name: `eval, ${rows} x ${gallery}`,
    ours: mine,
    peer: samples.peer,
    against: 'FAISS IndexFlatIP, the best 10: a whole process, too',
    floor: await setup.floor({ flops: 2 * rows * gallery * DIM }),
    goal: quick ? null : large ? { ratio: 1, beside: BESIDE } : { ours: 1000 },
    more: {
      busy,
      megabytes: most(mine, 'megabytes'),
      beside: most(mine, 'megabytes') - embeddings,
      'r@1': mine[0]?.['r@1'],
      peer_megabytes: isNotRun(samples.peer) ? null : most(samples.peer, 'megabytes'),
      peer_search: isNotRun(samples.peer) ? null : most(samples.peer, 'search'),
      'peer_r@1': isNotRun(samples.peer) ? null : samples.peer[0]?.['hit'],
    },
  })
}

/** The whole program, from cold start to the last record. */
const ours = async ({ folder, threads }: Setup): Promise<Sample> => {
  const peaks = join(folder, `peak-${process.hrtime.bigint()}`)
  const { ms, stdout } = await runTimed(
    process.execPath,
    [
      ...['--import', compiled('test/bench/peak-preload'), compiled('bin/pcm-eval')],
      ...['--vectors', 'query=queries.npy', '--vectors', 'entry=gallery.npy'],
      ...['--qrels', 'qrels', '--direction', 'query>entry', '--format', 'json'],
      ...['--device', 'cpu', '--threads', `${threads}`, '--no-progress'],
    ],
    { cwd: folder, env: { PCM_PEAKS: peaks } },
  )
  const { megabytes } = JSON.parse((await readFile(peaks, 'utf8')).trim()) as Peak
  const record = JSON.parse(stdout.split('\n')[0]!) as { 'r@1': number }
  return { median: ms, best: ms, megabytes, 'r@1': record['r@1'] }
}

const faiss = async ({ folder, threads, python }: Setup): Promise<Side | NotRun> => {
  const found = await python()
  if (isNotRun(found)) return found
  const args = [`${folder}/queries.npy`, `${folder}/gallery.npy`, '--threads', `${threads}`]
  return async () => {
    const { ms, printed } = await runPeer<object>(found, 'faiss_top10.py', args, threads)
    return { ...printed, median: ms, best: ms }
  }
}

const most = (samples: readonly Sample[], figure: string): number =>
  Math.max(...samples.map(sample => sample[figure] as number))
