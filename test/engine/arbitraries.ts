import fc from 'fast-check'
import type { Case } from './agree.js'
import type { Given } from './compute.js'
import { integers, reals, sizeOf } from './numbers.js'

/** Small shapes, of rank `least` to `most`. */
export const shapes = (least = 0, most = 4, side = 4): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: side }), { minLength: least, maxLength: most })

/** Seeds of the numbers in a tensor: a failure shrinks its shape, not its numbers. */
export const seeds = fc.noShrink(fc.nat())

export interface Range {
  low: number
  high: number
}

export const float = (
  shape: number[],
  seed: number,
  { low, high }: Range = { low: -2, high: 2 },
): Given => ({ shape, values: reals(sizeOf(shape), seed, low, high) })

export const int = (shape: number[], seed: number, { low, high }: Range): Given => ({
  shape,
  values: integers(sizeOf(shape), seed, low, high),
})

/** Shapes that broadcast to one another: some sides of each are 1, some leading ones left out. */
export const broadcastable = (count: number): fc.Arbitrary<number[][]> =>
  shapes(0, 4, 3).chain(shape =>
    fc.tuple(
      ...Array.from({ length: count }, () =>
        fc
          .tuple(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(shape.length))
          .map(([single, dropped]) => shape.map((n, i) => (single[i] ? 1 : n)).slice(dropped)),
      ),
    ),
  )

/** Some of the axes of a shape, from the front or (negative) from the back; all where undefined. */
export const axesOf = (rank: number): fc.Arbitrary<number[] | undefined> =>
  rank === 0
    ? fc.constant(undefined)
    : fc.option(
        fc
          .tuple(fc.uniqueArray(fc.nat(rank - 1), { minLength: 1, maxLength: rank }), fc.boolean())
          .map(([axes, back]) => (back ? axes.map(a => a - rank) : axes)),
        { nil: undefined },
      )

/** A case's name: what it does and the shapes it does it to. */
export const named = (operation: string, inputs: Given[], ...attributes: unknown[]): string =>
  [
    operation,
    ...inputs.map(({ shape, values }) => `${values instanceof Int32Array ? 'i' : 'f'}[${shape}]`),
    ...attributes.map(a => JSON.stringify(a)),
  ].join(' ')

export const makeCase = (
  operation: string,
  inputs: Given[],
  compute: Case['compute'],
  { gradient = true, attributes = [] as unknown[] } = {},
): Case => {
  const name = named(operation, inputs, ...attributes)
  return Object.assign({ name, inputs, compute, gradient }, { [fc.toStringMethod]: () => name })
}
