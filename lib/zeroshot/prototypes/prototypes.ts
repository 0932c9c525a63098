import type { Vectors } from '../../retrieve/vectors.js'

/** One unit vector a class. */
export interface Prototypes {
  /** The names of the classes, in order of appearance. */
  names: string[]
  vectors: Vectors
  /** Rows that each class was made of. */
  rows: Int32Array
  /** Classes whose vectors cancel out (norm below 1e-6): the first one stands. */
  opposed: number
  /** A column of labels said what is of which class, not a category. */
  labelled?: boolean
  /** Classes that had fewer rows than were to be drawn. */
  short?: number
  /** Where several modalities make a prototype: the classes that have all of them. */
  complete?: number
}

/** How many rows the prototypes were made of. */
export const rowsOf = ({ rows }: Prototypes): number => rows.reduce((sum, count) => sum + count, 0)
