import { type Tensor, type Tensor1D, tf } from '../engine/tf.js'
import type { Tensors } from '../engine/types.js'
import type { Parameters } from './heads/head.js'
import { type Group, GROUPS, type Layout, type Slot } from './layout.js'

/** From how many numbers on a parameter is a tensor of its own in the engine: 256 KiB. */
const LARGE = 2 ** 16

/**
 * Parameters that are one tensor in the engine. The optimiser is elementwise, so that many small
 * ones are best flat in one vector; a large one fills the caches by itself, and would have to be
 * copied out of the vector and its gradient back in.
 */
export interface Piece {
  /** `decayed` for the small ones of that group, `decayed/photo/project.weight` for a large one. */
  name: string
  group: Group
  slots: readonly Slot[]
  shape: number[]
}

/** Every parameter of a layout is in one piece. */
export function piecesOf({ slots }: Pick<Layout, 'slots'>): Piece[] {
  return GROUPS.flatMap(group => {
    const own = slots.filter(slot => slot.group === group)
    const small = own.filter(({ size }) => size < LARGE)
    const length = small.reduce((sum, { size }) => sum + size, 0)
    return [
      ...(length > 0 ? [{ name: group, group, slots: small, shape: [length] }] : []),
      ...own
        .filter(({ size }) => size >= LARGE)
        .map(slot => ({ name: `${group}/${slot.path}`, group, slots: [slot], shape: slot.shape })),
    ]
  })
}

/** The numbers of a piece, out of the flat vector of its group. */
export function cut({ slots, shape }: Piece, flat: Float32Array): Float32Array {
  const numbers = new Float32Array(shape.reduce((a, b) => a * b, 1))
  let at = 0
  for (const { offset, size } of slots) {
    numbers.set(flat.subarray(offset, offset + size), at)
    at += size
  }
  return numbers
}

/** Puts the numbers of a piece back where they are in the flat vector of its group. */
export function paste({ slots }: Piece, numbers: Float32Array, flat: Float32Array): void {
  let at = 0
  for (const { offset, size } of slots) {
    flat.set(numbers.subarray(at, at + size), offset)
    at += size
  }
}

/** Pieces with their numbers, as state of an engine; `nameOf` is for copies of the parameters. */
export function stateOfPieces(
  layout: Pick<Layout, 'slots'>,
  values: Record<Group, Float32Array>,
  nameOf: (piece: string) => string = name => name,
): Record<string, { shape: number[]; values: Float32Array }> {
  return Object.fromEntries(
    piecesOf(layout).map(piece => [
      nameOf(piece.name),
      { shape: piece.shape, values: cut(piece, values[piece.group]) },
    ]),
  )
}

/** Parameters as tensors of their own, those that `wanted` asks for. */
export function unpack(
  layout: Layout,
  state: Tensors,
  wanted: (slot: Slot) => boolean = () => true,
): Parameters {
  const parameters: Record<string, Tensor> = {}
  for (const { name, slots, shape } of piecesOf(layout)) {
    let at = 0
    for (const slot of slots) {
      if (wanted(slot))
        parameters[slot.path] =
          slot.shape === shape ? state[name]! : cutOut(state[name] as Tensor1D, at, slot)
      at += slot.size
    }
  }
  return Object.fromEntries(
    layout.slots.filter(wanted).map(({ path }) => [path, parameters[path]!]),
  )
}

const cutOut = (flat: Tensor1D, at: number, { size, shape }: Slot): Tensor =>
  tf.reshape(tf.slice(flat, [at], [size]), shape)

/** The gradient of a piece, by those of its parameters. */
export function gradientOf({ slots, shape }: Piece, gradients: Tensors): Tensor {
  const parts = slots.map(({ path }) => gradients[path]!)
  if (slots[0]!.shape === shape) return parts[0]!
  return tf.reshape(tf.concat(parts.map(part => tf.reshape(part, [part.size]))), shape)
}
