import { badData, badUsage, Exit, PcmError } from '../error.js'
import type { Engine } from '../engine/types.js'
import { checkOneSpace } from '../retrieve/one-space.js'
import type { Batch } from '../stream/batch.js'
import type { InputStream, InputSummary } from '../stream/read.js'
import { Classifier } from './classifier.js'
import { classifyColumn, type ClassifiedRow } from './classify-column.js'
import { Generalised, type GeneralisedOptions } from './generalised/generalised.js'
import { checkUntuned, tune, type Tuning } from './generalised/tune.js'
import type { LabelSpace } from './label-space.js'
import { isMulti, LabelReader, type RowTruth } from './labels.js'
import { openMeters, type MeterOptions, type Meters } from './metrics/meters.js'
import { ItemNumbers } from './metrics/resample.js'
import { scored } from './metrics/scored.js'
import { openInput, type Input, type InputOptions } from './open-input.js'
import type { Plan } from './plan.js'
import { checkSameSpace } from './prototypes/same-space.js'

export interface ZeroshotOptions
  extends InputOptions, GeneralisedOptions, Omit<MeterOptions, 'multi'> {
  /** How many of the nearest classes are wanted. */
  top: number
  /** Whether what each row was taken for is wanted. */
  predictions: boolean
  openEngine(): Promise<Engine>
}

/** A batch that has been classified and measured. */
export interface Classified {
  batch: Batch
  /** With predictions: what the rows are nearest to, by modality. */
  rows: Map<string, Answers>
}

/** The classes nearest to each row, best first (rows x top); -1 where a row has none, or fewer. */
export interface Answers {
  entries: Int32Array
  scores: Float64Array
}

/** A classification that is ready to run: the prototypes have been read, gamma is chosen. */
export interface Zeroshot {
  stream: InputStream
  plan: Plan
  space: LabelSpace
  /** Rows may have several right classes. */
  multi: boolean
  meters: Map<string, Meters>
  labels: LabelReader | undefined
  /** The items seen, where they are to be drawn again. */
  items: ItemNumbers | undefined
  tuning: Tuning | undefined
  /** What is subtracted from the scores of seen classes. */
  gamma(modality: string): number
  classified(): AsyncGenerator<Classified>
  engine(): string
  /** Vectors classified so far, of all modalities. */
  vectors(): number
  /** What was read; known at the end. */
  inputs(): InputSummary[]
  close(): Promise<void>
}

/** Opens the input, reads the prototypes, from a stream of their own or from the input, and tunes. */
export const openZeroshot = async (options: ZeroshotOptions): Promise<Zeroshot> => {
  const generalised = new Generalised(options)
  const input = await openInput(options, schema => generalised.open(schema))
  const { stream, plan, prototypes } = input
  checkFit(input, options)
  const { space, tuning: validation } = generalised.spaces(prototypes)
  const multi = plan.truth !== undefined && isMulti(plan.truth)
  if (multi && space.unseen)
    throw badUsage('--unseen is about one class a row, the labels are several')
  const tuning = validation && (await tune(options.tune!, plan.fields, validation, options))
  const classifier = new Classifier(space, Math.max(options.top, ...options.ks), options.openEngine)
  const work: Zeroshot = {
    stream,
    plan,
    space,
    multi,
    meters: new Map(
      plan.fields.map(({ name }) => [name, openMeters(space, { ...options, multi })]),
    ),
    labels: plan.truth && new LabelReader(plan.truth, space.prototypes.names),
    items: options.bootstrap === undefined ? undefined : new ItemNumbers(),
    tuning,
    gamma: modality => tuning?.byModality.get(modality)!.gamma ?? options.gamma ?? 0,
    async *classified() {
      for await (const batch of input.batches) {
        if (tuning) checkUntuned(tuning, batch.other('id').values, options.tune!)
        yield { batch, rows: await classifyBatch(batch, work, classifier, options) }
      }
      // What made a stream is known at its end: what is of another space is refused now.
      const [items] = input.inputs()
      if (tuning) checkSameSpace(items!, tuning.summary)
    },
    engine: () => classifier.engine,
    vectors: () => classifier.vectors,
    inputs: () => [...input.inputs(), ...(tuning ? [tuning.summary] : [])],
    close: () => classifier.close(),
  }
  return work
}

const checkFit = ({ stream, plan, prototypes }: Input, { classes }: ZeroshotOptions): void => {
  checkOneSpace(plan.fields, stream.name)
  if (prototypes.names.length === 0)
    throw new PcmError(`${classes ?? stream.name}: found no prototype, expected some`, {
      exit: Exit.noRows,
    })
  const { dim } = prototypes.vectors
  const other = plan.fields.find(field => field.dim !== dim)
  if (other)
    throw badData(
      `${stream.name}: '${other.name}' has ${other.dim} numbers a vector, the prototypes have ${dim}`,
    )
}

/** Rows that are not to be predicted are forgotten one by one. */
const classifyBatch = async (
  batch: Batch,
  work: Zeroshot,
  classifier: Classifier,
  { predictions, top, temperature }: ZeroshotOptions,
): Promise<Classified['rows']> => {
  const whole = temperature !== undefined || work.multi
  const truth = work.labels?.read(batch)
  const items = work.items && batch.other('id').values.map(id => work.items!.of(String(id)))
  const rows: Classified['rows'] = new Map()
  for (const field of work.plan.fields) {
    const where = { batch, source: work.stream.name, gamma: work.gamma(field.name) }
    const meters = work.meters.get(field.name)!
    const wanted = predictions ? batch.rows * top : 0
    const answers = { entries: new Int32Array(wanted).fill(-1), scores: new Float64Array(wanted) }
    let count = 0
    for await (const each of classifyColumn(classifier, field, where)) {
      count++
      if (predictions) {
        answers.entries.set(each.top.entries.subarray(0, top), each.row * top)
        answers.scores.set(each.top.scores.subarray(0, top), each.row * top)
      }
      if (truth) measure(meters, each, truth[each.row]!, { item: items?.[each.row], whole })
    }
    if (truth) meters.accuracy.skipped.missing += batch.rows - count
    rows.set(field.name, answers)
  }
  return rows
}

const measure = (
  meters: Meters,
  row: ClassifiedRow,
  labels: RowTruth,
  how: { item: number | undefined; whole: boolean },
): void => {
  if (typeof labels === 'string') meters.accuracy.skipped[labels]++
  else meters.add(scored(labels, row, how))
}
