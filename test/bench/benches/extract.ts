import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench, Setup } from '../bench.js'
import type { Peak } from '../peak-preload.js'
import { compiled, runTimed, runWorker } from '../processes.js'
import { runPeer } from '../python.js'
import { isNotRun, median, type NotRun, type Row, rounded, rowOf, type Sample } from '../row.js'
import { inTurns, samplesOf, type Side } from '../turns.js'

/** Items of a turn: some seconds of work for either side. */
const ITEMS = { image: 4000, audio: 4000, text: 20_000 } as const
type Kind = keyof typeof ITEMS

const ENCODERS: Record<Kind, { encoder: string; peer: string }> = {
  image: { encoder: 'hog', peer: 'Pillow and scikit-image hog' },
  audio: { encoder: 'logmel', peer: 'librosa log-mel' },
  text: { encoder: 'ngram', peer: 'scikit-learn HashingVectorizer, char_wb 2-5 and words 1-2' },
}

/** Files that the items are made of: what is read comes from memory on either side. */
const FILES = 500
/**
 * Rows between which memory must not grow by more than so many MB: the record batches in flight, of
 * 8 MB each, which the few do not fill, and what the collector leaves lying about. Features that
 * stayed would be 250 to 780 MB.
 */
const [FEW, MANY] = [1000, 100_000]
const GROWTH = 150

export const extract: Bench = {
  name: 'extract',
  summary: 'items a second of each built-in encoder, and memory for 1,000 and 100,000 (--rows)',
  async *run(setup) {
    const { quick, folder } = setup
    for (const kind of Object.keys(ITEMS) as Kind[]) {
      const items = quick ? 100 : ITEMS[kind]
      const place = join(folder, kind)
      await runWorker('items', { folder: place, items, files: quick ? 20 : FILES })
      yield await speed(kind, items, place, setup)
    }
    const many = setup.rows ?? (quick ? 2 * FEW : MANY)
    for (const kind of Object.keys(ITEMS) as Kind[]) yield await memory(kind, many, setup)
  },
}

const speed = async (kind: Kind, items: number, folder: string, setup: Setup): Promise<Row> => {
  const { samples, busy } = await inTurns(
    { ours: () => ours(kind, folder, setup), peer: await theirs(kind, folder, setup) },
    setup.rounds,
  )
  const { encoder, peer } = ENCODERS[kind]
  const mine = samplesOf(samples.ours)
  return rowOf({
    name: `${encoder}, ${items} items`,
    ours: mine,
    peer: samples.peer,
    against: `${peer}, ${setup.threads} processes; ours from cold start, the peer without imports`,
    goal: setup.quick ? null : { ratio: 1 },
    more: {
      busy,
      items_per_second: perSecond(items, mine),
      peer_items_per_second: isNotRun(samples.peer) ? null : perSecond(items, samples.peer),
    },
  })
}

const perSecond = (items: number, samples: readonly Sample[]): number =>
  rounded((1000 * items) / median(samples.map(({ median }) => median)))

const memory = async (kind: Kind, many: number, setup: Setup): Promise<Row> => {
  const peaks: number[] = []
  for (const items of [FEW, many]) {
    const folder = join(setup.folder, `${kind}-${items}`)
    await runWorker('items', { folder, items, files: 50 })
    peaks.push((await ours(kind, folder, setup)).megabytes)
  }
  const [few = 0, most = 0] = peaks
  return rowOf({
    name: `memory of ${ENCODERS[kind].encoder}, ${many} items`,
    unit: 'MB',
    ours: [{ median: most, best: most }],
    peer: { notRun: 'a limit is what counts' },
    against: '',
    goal: setup.quick ? null : { growth: GROWTH },
    more: { few: FEW, megabytes_of_few: few, growth: most - few },
  })
}

/** The whole program, from cold start to the written stream. */
const ours = async (
  kind: Kind,
  folder: string,
  { threads }: Setup,
): Promise<Sample & { megabytes: number }> => {
  const peaks = join(folder, `peak-${process.hrtime.bigint()}`)
  const { ms } = await runTimed(
    process.execPath,
    [
      ...['--import', compiled('test/bench/peak-preload'), compiled('bin/pcm-extract')],
      ...[`${kind}.csv`, '-m', `x=${kind}:source@${ENCODERS[kind].encoder}`, '--no-pg'],
      ...['--threads', `${threads}`, '--no-progress', '-q', '-o', 'features.arrows'],
    ],
    { cwd: folder, env: { PCM_PEAKS: peaks } },
  )
  const { megabytes } = JSON.parse((await readFile(peaks, 'utf8')).trim().split('\n')[0]!) as Peak
  return { median: ms, best: ms, megabytes }
}

const theirs = async (
  kind: Kind,
  folder: string,
  { threads, python }: Setup,
): Promise<Side | NotRun> => {
  const found = await python()
  if (isNotRun(found)) return found
  const args = [kind, join(folder, `${kind}.csv`), join(folder, 'features.npy')]
  return async () => {
    const { printed } = await runPeer<{ loop: number }>(
      found,
      'extract_items.py',
      [...args, '--threads', `${threads}`],
      1,
    )
    return { ...printed, median: printed.loop, best: printed.loop }
  }
}
