import { badData, badUsage } from '../../error.js'
import type { Engine } from '../../engine/types.js'
import { openStream, type InputSummary } from '../../stream/read.js'
import type { ModalityField } from '../../stream/types.js'
import { Classifier } from '../classifier.js'
import { classifyColumn } from '../classify-column.js'
import type { LabelSpace } from '../label-space.js'
import { LabelReader } from '../labels.js'
import { scored } from '../metrics/scored.js'
import { planZeroshot, type PlanOptions } from '../plan.js'
import { SeenUnseenCurve } from './curve.js'

/** What was chosen for a modality, and how good it was where it was chosen. */
export interface Tuned {
  gamma: number
  h: number
  items: number
}

export interface Tuning {
  byModality: Map<string, Tuned>
  /** The ids of the rows it was chosen on. */
  ids: ReadonlySet<string>
  summary: InputSummary
}

/**
 * Chooses gamma for every modality: the one with the largest harmonic mean on the validation rows of
 * the stream at `path`, with the label space of the validation.
 */
export const tune = async (
  path: string,
  fields: readonly ModalityField[],
  space: LabelSpace,
  options: Omit<PlanOptions, 'modalities'> & { openEngine(): Promise<Engine> },
): Promise<Tuning> => {
  const stream = await openStream(path, { expect: ['embeddings'] })
  const { name } = stream
  const modalities = fields.map(({ name }) => name)
  const plan = planZeroshot(stream.schema, name, { ...options, modalities })
  if (!plan.truth)
    throw badData(`${name}: there is no column 'label', so gamma cannot be chosen on it`)
  const { prototypes, unseen } = space
  const reader = new LabelReader(plan.truth, prototypes.names)
  const classifier = new Classifier(space, 1, options.openEngine)
  const curves = new Map(
    modalities.map(modality => [modality, new SeenUnseenCurve(prototypes.names.length, unseen!)]),
  )
  const ids = new Set<string>()
  for await (const batch of stream) {
    for (const id of batch.other('id').values) ids.add(String(id))
    const truth = reader.read(batch)
    for (const field of plan.fields) {
      const curve = curves.get(field.name)!
      for await (const each of classifyColumn(classifier, field, {
        batch,
        source: name,
        gamma: 0,
      })) {
        const labels = truth[each.row]!
        if (typeof labels !== 'string') curve.add(scored(labels, each))
      }
    }
  }
  await classifier.close()
  const byModality = new Map(
    [...curves].map(([modality, curve]) => [modality, chosen(curve, modality, name)]),
  )
  return { byModality, ids, summary: stream.summary() }
}

const chosen = (curve: SeenUnseenCurve, modality: string, source: string): Tuned => {
  const best = curve.best()
  if (best) return { ...best, items: curve.count() }
  throw badData(
    `${source}: '${modality}' has not both rows of seen classes and of those of --tune-unseen, so gamma cannot be chosen on it`,
  )
}

/** Refuses (64) a row that gamma was chosen on. */
export const checkUntuned = ({ ids }: Tuning, evaluated: Iterable<unknown>, path: string): void => {
  for (const id of evaluated)
    if (ids.has(String(id)))
      throw badUsage(
        `--tune: ${path} holds '${id}', which is evaluated, too`,
        'choose gamma on other rows, as of a validation split',
      )
}
