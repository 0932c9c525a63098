import type { Batch } from '../stream/batch.js'
import { namesIn, type NameSource } from './names.js'

/** The truth about a row: `unlabelled`, `unknown` where no label of it is a class, or its classes. */
export type RowTruth = 'unlabelled' | 'unknown' | readonly number[]

/** Where the right classes of rows stand. */
export interface Truth extends NameSource {
  /** The column holds lists. */
  lists?: boolean
  /** What stands between several classes in a text. */
  separator?: string
}

/** True where rows may have several right classes. */
export const isMulti = ({ lists, separator }: Truth): boolean =>
  lists === true || separator !== undefined

/** Turns the labels of rows into indices of classes, and remembers some that are none. */
export class LabelReader {
  /** Up to three labels that are the name of no class. */
  readonly strangers = new Set<string>()
  /** Labels of rows with others that are classes, which are left out alone. */
  strange = 0
  private readonly indices: ReadonlyMap<string, number>

  constructor(
    private readonly truth: Truth,
    names: readonly string[],
  ) {
    this.indices = new Map(names.map((name, i) => [name, i]))
  }

  read(batch: Batch): RowTruth[] {
    return this.texts(batch).map(labels => {
      if (labels === null) return 'unlabelled'
      const known = labels.flatMap(label => this.indices.get(label) ?? [])
      const strange = labels.filter(label => !this.indices.has(label))
      for (const label of strange) if (this.strangers.size < 3) this.strangers.add(label)
      if (known.length === 0 && strange.length > 0) return 'unknown'
      this.strange += strange.length
      return [...new Set(known)]
    })
  }

  private texts(batch: Batch): (readonly string[] | null)[] {
    const { lists, separator, column } = this.truth
    if (lists) return batch.lists(column)
    return namesIn(batch, this.truth).map(text => {
      if (text === null || separator === undefined) return text === null ? null : [text]
      return text
        .split(separator)
        .map(label => label.trim())
        .filter(label => label !== '')
    })
  }
}
