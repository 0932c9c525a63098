import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Checkpoints } from '../../../lib/coordinate/checkpoint/checkpoints.js'
import { parseAdded, parseLoss } from '../../../lib/coordinate/losses/parse-term.js'
import type { Model } from '../../../lib/coordinate/model.js'
import { parametersOfModel } from '../../../lib/coordinate/model.js'
import { train, type TrainTask } from '../../../lib/coordinate/train.js'
import { both } from '../../engine/compute.js'
import { fieldOf, idsOf, openFeatures, vectorsOf } from '../features.js'
import { settingsOf } from '../settings.js'
import { world } from '../world.js'

/** Stopped after any step, a training goes on to the very same model, whatever it is made of. */

t.teardown(async () => await both().onnx.dispose())

const ROWS = 40
const DIM = 3
const { photo, text } = world(['photo', 'text'], { rows: ROWS, latent: 2, dim: DIM, noise: 0.3 })
const lacking = Uint8Array.from({ length: ROWS }, (_, r) => Number(r % 7 !== 3))
const features = async () =>
  await openFeatures({
    rows: ROWS,
    modalities: [
      vectorsOf('photo', DIM, photo!.slice()),
      vectorsOf(
        'text',
        DIM,
        text!.map((x, i) => (lacking[Math.floor(i / DIM)] ? x : 0)),
        lacking,
      ),
      {
        field: fieldOf('words', { layout: 'views', dim: DIM }),
        column: {
          ...{ layout: 'views', dim: DIM, values: Float32Array.of(...photo!, ...text!) },
          offsets: Int32Array.from({ length: ROWS + 1 }, (_, r) => 2 * r),
          present: new Uint8Array(ROWS).fill(1),
        },
      },
      {
        field: fieldOf('letters', { layout: 'tokens', dim: DIM }),
        column: {
          ...{ layout: 'tokens', dim: DIM, values: Float32Array.of(...photo!, ...text!) },
          offsets: Int32Array.from({ length: ROWS + 1 }, (_, r) => 2 * r + Number(r % 2)),
          present: new Uint8Array(ROWS).fill(1),
        },
      },
    ],
    others: { id: idsOf(ROWS) },
  })

const head = () => ({ kind: 'mlp' as const, hidden: 4, dropout: 0.25 })
const task = (own: Partial<TrainTask>, settings: object): TrainTask => ({
  settings: settingsOf({ epochs: 4, batch: 12, dim: 3, head, ...settings }),
  pairs: [],
  positives: [],
  rows: { train: undefined, val: undefined },
  refit: false,
  standardise: true,
  ...own,
})

/** Runs a task, stopped after so many steps; how many it did. */
const run = async (task: TrainTask, folder?: string, most = Infinity) => {
  let steps = 0
  const watcher = {
    start() {},
    refit() {},
    warn() {},
    spilled() {},
    epoch() {},
    step: () => ++steps < most,
  }
  const quiet = { note() {}, warn: (text: string) => t.fail(text), event() {} }
  const record = { pn: 'pcm-train', vn: '0', cl: '' }
  const options = { every: undefined, resume: true, record, models: [], log: quiet }
  const checkpoints = folder === undefined ? undefined : Checkpoints.open({ folder, ...options })
  const stream = await features()
  const model = await train(stream, both().onnx, task, watcher, checkpoints)
  checkpoints?.close()
  return { model, steps }
}

const bytesOf = ({ description, ...model }: Model) =>
  JSON.stringify([
    description,
    ...parametersOfModel({ description, ...model }).map(({ name, shape, data }) => [
      ...[name, shape, Buffer.from(data.slice().buffer).toString('hex')],
    ]),
  ])

const plain = await run(task({}, { epochs: 1 }))
const KINDS: Record<string, TrainTask> = {
  'validation, dropout, views, holes': task({}, {}),
  patience: task({}, { patience: 1, epochs: 6 }),
  refit: task({ refit: true }, {}),
  'no validation, a temperature a pair': task(
    { rows: { train: undefined, val: 0 } },
    { temperature: 'per-pair', rate: 0.05 },
  ),
  'another loss, in tenths of memory': task({ memory: 100 }, { loss: 'pcmr' }),
  'tokens, momentum heads, a queue and a fusion encoder': task(
    { pairs: [{ a: 'photo', b: 'letters', weight: 1 }] },
    {
      epochs: 2,
      queue: 24,
      terms: [
        parseLoss('itc'),
        parseAdded('0.5*ims,features=0.2'),
        parseAdded('lmim'),
        parseAdded('itm,width=4,heads=2,blocks=1'),
      ],
      head: () => ({ ...head(), pooling: 'gpo' }),
    },
  ),
  'what is drawn for terms, a warm-up, a teacher and neighbours': task(
    {
      teacher: plain.model!,
      pairs: [
        { a: 'photo', b: 'text', weight: 1 },
        { a: 'photo', b: 'words', weight: 1 },
      ],
    },
    {
      epochs: 2,
      together: 3,
      terms: [
        parseLoss('hinge,warmup=1'),
        parseAdded('0.1*mixup'),
        parseAdded('0.1*symile'),
        parseAdded('mod-x'),
      ],
    },
  ),
  'a frozen head of another model': task(
    { init: plain.model! },
    { frozen: new Set(['photo']), epochs: 3 },
  ),
}

/** The first after every step, the others after some, which takes less time. */
for (const [i, [kind, given]] of Object.entries(KINDS).entries())
  t.test(`stopped after a step: ${kind}`, async t => {
    const { model, steps } = await run(given)
    t.ok(steps >= 4, `${steps} steps`)
    const wanted = bytesOf(model!)
    for (let first = 1; first <= steps; first += i === 0 ? 1 : 3) {
      const folder = join(t.testdir(), `${first}`)
      const stopped = await run(given, folder, first)
      t.equal(stopped.model, undefined)
      // Now and then it is stopped a second time, one step on.
      if (first % 2 && first < steps) t.equal((await run(given, folder, 1)).model, undefined)
      t.equal(bytesOf((await run(given, folder)).model!), wanted, `stopped after step ${first}`)
      t.ok(readdirSync(folder).length <= 3, 'no more than a few are kept')
    }
  })
