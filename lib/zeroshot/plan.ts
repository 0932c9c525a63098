import { badData, badUsage } from '../error.js'
import type { SideSpec } from '../retrieve/direction.js'
import type { ModalityField, StreamSchema } from '../stream/types.js'
import type { Truth } from './labels.js'
import { categoryNames, findField } from './names.js'

export interface PlanOptions {
  /** Modalities to classify; all that hold nothing of the class modalities where there are none. */
  modalities: readonly string[]
  /** The column with the truth, and what stands between several classes in it. */
  label?: string
  separator?: string
}

export interface Plan {
  /** The embeddings to classify. */
  fields: ModalityField[]
  /** Where the truth stands; nowhere in a stream without labels. */
  truth?: Truth
}

/**
 * What of a stream is to be classified, and what is the truth. `side` is what the prototypes are made
 * of, where they come from the same stream.
 */
export const planZeroshot = (
  schema: StreamSchema,
  source: string,
  options: PlanOptions,
  side?: SideSpec,
): Plan => {
  const classModalities = side?.modalities ?? []
  const holdsClass = (field: ModalityField) =>
    (field.of ?? [field.name]).some(name => classModalities.includes(name))
  const named = options.modalities.map(name => findField(schema, source, name))
  const leak = named.find(holdsClass)
  if (leak)
    throw badUsage(
      `--modality ${leak.name}: the prototypes come from '${classModalities.join('+')}', so the answer is in the question`,
    )
  const fields = named.length ? named : schema.modalities.filter(field => !holdsClass(field))
  if (fields.length === 0)
    throw badData(
      `${source}: there is no modality to classify besides '${classModalities.join('+')}'`,
    )
  return { fields, truth: truthOf(schema, source, options, side) }
}

/** The column --label; else `label`, where there is one; else the codes of a category of the side. */
export const truthOf = (
  schema: StreamSchema,
  source: string,
  { label, separator }: Pick<PlanOptions, 'label' | 'separator'>,
  side?: SideSpec,
): Truth | undefined => {
  const column = schema.others.find(({ name }) => name === (label ?? 'label'))
  if (column)
    return {
      column: column.name,
      ...(column.type === 'opaque' && { lists: true }),
      ...(separator !== undefined && { separator }),
    }
  if (label !== undefined) {
    const names = schema.others.map(({ name }) => name).join(', ')
    throw badData(`${source}: there is no column '${label}', only ${names || 'embeddings'}`)
  }
  return side?.parts
    .map(({ column }) => categoryNames(schema, findField(schema, source, column)))
    .find(names => names !== undefined)
}
