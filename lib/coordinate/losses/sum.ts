import { type Tensor, tf } from '../../engine/tf.js'
import type { Augmentation } from '../augment.js'
import { key, Purpose, wordKey } from '../random.js'
import type { Parameters } from '../heads/head.js'
import { type OwnParameters, parametersOf } from '../layout.js'
import { TERMS } from './index.js'
import { type Pair, pairName, type Scene } from './loss.js'
import type { Draw, Moment, Shapes, WeightedTerm } from './term.js'

/** A draw of one of the terms, under the name of its input. */
export interface NamedDraw extends Draw {
  name: string
}

const inputOf = (at: number, { name }: WeightedTerm, draw: string): string =>
  `term/${at}/${name}/${draw}`

/** What all terms want drawn for a step. */
export const drawsOf = (terms: readonly WeightedTerm[], shapes: Shapes): NamedDraw[] =>
  terms.flatMap((term, at) =>
    Object.entries(TERMS[term.name]!.draws?.(term.values as never, shapes) ?? {}).map(
      ([draw, made]) => ({ ...made, name: inputOf(at, term, draw) }),
    ),
  )

/** When a step draws: its random key follows from nothing but these numbers and the draw's name. */
export const momentOf = (
  name: string,
  seed: number,
  epoch: number,
  step: number,
  stepsPerEpoch = 1,
): Moment => ({
  key: key(seed, Purpose.term, wordKey(name), epoch, step),
  epoch,
  passed: epoch + step / stepsPerEpoch,
})

/** sum_t w_t l_t, scalar; `inputs` holds what was drawn. */
export const sumOfTerms = (
  terms: readonly WeightedTerm[],
  scene: Omit<Scene, 'draws' | 'parameters'>,
  inputs: Record<string, Tensor>,
  parameters: Parameters = {},
): Tensor =>
  terms
    .map((term, at) => {
      const prefix = inputOf(at, term, '')
      const draws = Object.fromEntries(
        Object.entries(inputs)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
      )
      const value = TERMS[term.name]!.loss(term.values as never)({
        ...scene,
        draws,
        parameters: pair => parametersOf(ownerOf(term, pair), parameters),
      })
      return term.weight === 1 ? value : tf.mul(value, term.weight)
    })
    .reduce((a, b) => tf.add(a, b))

/** Whose parameters those of a term are: `photo+caption/itm`. */
const ownerOf = ({ name }: WeightedTerm, pair: Pair): string => `${pairName(pair)}/${name}`

/** Parameters that terms have beside those of the heads. */
export const parametersOfTerms = (
  terms: readonly WeightedTerm[],
  pairs: readonly Pair[],
  dim: number,
): OwnParameters[] =>
  terms.flatMap(term => {
    const specs = TERMS[term.name]!.parameters?.(term.values as never, dim)
    return specs ? pairs.map(pair => ({ owner: ownerOf(term, pair), specs })) : []
  })

/** Whether any of the terms reads the temperature. */
export const readsTemperature = (terms: readonly WeightedTerm[]): boolean =>
  terms.some(({ name }) => TERMS[name]!.temperature)

/** Whether any of them must know which rows have a modality. */
export const looksAtModalities = (terms: readonly WeightedTerm[]): boolean =>
  terms.some(({ name }) => TERMS[name]!.modalities)

/** Whether any of them looks at the momentum heads. */
export const looksAtMemory = (terms: readonly WeightedTerm[]): boolean =>
  terms.some(({ name }) => TERMS[name]!.memory)

/** The terms that look at another model, each with what that must be. */
export const looksAtTeacher = (
  terms: readonly WeightedTerm[],
): { name: string; pair: boolean; space: boolean }[] =>
  terms.flatMap(({ name }) => {
    const { teacher } = TERMS[name]!
    return teacher ? [{ name, ...teacher }] : []
  })

/** Whether any of them looks at tokens. */
export const looksAtTokens = (terms: readonly WeightedTerm[]): boolean =>
  terms.some(({ name }) => TERMS[name]!.tokens)

/** The first term that is nothing without tokens. */
export const needsTokens = (terms: readonly WeightedTerm[]): string | undefined =>
  terms.find(({ name }) => TERMS[name]!.tokens === 'needed')?.name

/** What the first term that wants features augmented says of it. */
export const augmentationOf = (terms: readonly WeightedTerm[]): Augmentation | undefined => {
  const wanting = terms.find(({ name }) => TERMS[name]!.augmentation)
  return wanting && TERMS[wanting.name]!.augmentation!(wanting.values as never)
}
