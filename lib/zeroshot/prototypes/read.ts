import { badData, badUsage } from '../../error.js'
import { parseSide, type SideSpec } from '../../retrieve/direction.js'
import { checkOneSpace } from '../../retrieve/one-space.js'
import { rowUnit } from '../../retrieve/unit.js'
import { unitColumn } from '../../retrieve/unit-column.js'
import type { Batch } from '../../stream/batch.js'
import type { ModalityField, StreamSchema } from '../../stream/types.js'
import { isMulti, type Truth } from '../labels.js'
import { categoryNames, findField, namesIn } from '../names.js'
import { PrototypeBuilder } from './builder.js'
import { Draw } from './draw.js'
import { mix } from './mix.js'
import type { Prototypes } from './prototypes.js'

/** A stream of embeddings, or the part of it that has to be looked at. */
export interface Labelled {
  name: string
  schema: StreamSchema
  batches: AsyncIterable<Batch>
}

export interface PrototypeOptions {
  /** Rows to draw for a class; all of them where it is left out. */
  shots?: number
  seed: number
}

/** Sees the rows that prototypes are made of, with the names of their classes. */
export type Look = (batch: Batch, names: readonly (string | null)[]) => void

/** Reads `--class-modality`; where it is not given, the stream must have one modality only. */
export const classSide = (
  { modalities }: StreamSchema,
  source: string,
  spec: string | undefined,
): SideSpec => {
  const [first, second] = modalities
  if (spec === undefined && (!first || second))
    throw badData(
      `${source}: found ${modalities.length} modalities, expected prototypes of one`,
      'name the one to take with --class-modality',
    )
  return parseSide(spec ?? first!.name, `--class-modality ${spec}`, modalities)
}

/**
 * A prototype for every class: the unit mean of each modality of the side over the rows of the class
 * (of the unit mean of a row's views), the modalities combined by weight. A category gives the
 * names of its classes itself; for the others they are in `fallback`.
 */
export const readPrototypes = async (
  { name, schema, batches }: Labelled,
  { parts }: SideSpec,
  fallback: Truth | undefined,
  options: PrototypeOptions,
  look: Look = () => {},
): Promise<Prototypes> => {
  const gatherers = parts.map(({ column, weight }) => {
    const field = findField(schema, name, column)
    const category = categoryNames(schema, field)
    if (!category && fallback && isMulti(fallback))
      throw badUsage(
        `--class-modality ${column}: rows with several classes make no prototype of one`,
        'take the prototypes from a stream of their own: --classes FILE',
      )
    const names = category ?? fallback
    if (names) return { field, weight, names, gatherer: new Gatherer(field.dim, options) }
    throw badData(
      `${name}: '${column}' is no category and there is no column 'label', so its classes have no names`,
      'name the column with --label',
    )
  })
  checkOneSpace(
    gatherers.map(({ field }) => field),
    name,
  )
  for await (const batch of batches)
    for (const { field, names, gatherer } of gatherers) {
      const found = namesIn(batch, names)
      gatherer.add(batch, field, found, name)
      look(batch, found)
    }
  const mixed = mix(
    gatherers.map(({ gatherer, weight }) => ({ prototypes: gatherer.finish(), weight })),
  )
  return { ...mixed, labelled: gatherers.some(({ names }) => names === fallback) }
}

/** The prototypes of one modality, from all rows or from some that are drawn. */
class Gatherer {
  private readonly builder: PrototypeBuilder
  private readonly draw: Draw | undefined
  private readonly unit: Float64Array

  constructor(dim: number, { shots, seed }: PrototypeOptions) {
    this.builder = new PrototypeBuilder(dim)
    this.draw = shots === undefined ? undefined : new Draw(shots, seed)
    this.unit = new Float64Array(dim)
  }

  /** Adds the rows that have a class and a vector. */
  add(batch: Batch, field: ModalityField, names: readonly (string | null)[], source: string): void {
    const column = unitColumn(field, batch.modality(field.name), source, batch.firstRow)
    const ids = this.draw && batch.other('id').values
    names.forEach((name, row) => {
      if (name === null || rowUnit(column, row, this.unit) === 'absent') return
      if (this.draw) this.draw.add(name, this.unit, String(ids![row]))
      else this.builder.add(name, this.unit)
    })
  }

  finish(): Prototypes {
    if (!this.draw) return this.builder.finish()
    for (const { name, unit } of this.draw.rows()) this.builder.add(name, unit)
    return { ...this.builder.finish(), short: this.draw.short() }
  }
}
