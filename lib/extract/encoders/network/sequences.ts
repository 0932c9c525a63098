import { badData } from '../../../error.js'
import type { Sequence } from './pooling.js'
import type { Tensor } from './network.js'

/**
 * The sequences of the items of a batch: a vector each from (items, dim); `count` vectors from
 * (items, ..., dim); from (items, channels, height, width) the places of the picture, a vector of
 * channels each, where `channelsFirst` says so.
 */
export function sequencesOf(
  { dims, values }: Tensor,
  items: number,
  channelsFirst: boolean,
): Sequence[] {
  if (dims.length < 2 || values.length % items !== 0 || dims[0] !== items)
    throw badData(`a result of ${dims.join(' x ')} for ${items} items, expected items x ... x dim`)
  const size = values.length / items
  const first = channelsFirst && dims.length === 4
  const dim = dims[first ? 1 : dims.length - 1]!
  const count = size / dim
  return Array.from({ length: items }, (_, item) => {
    const own = values.slice(item * size, (item + 1) * size)
    return { values: first ? placesOf(own, dim, count) : own, count, dim }
  })
}

/** (channels x places) to (places x channels). */
const placesOf = (values: Float32Array, channels: number, places: number): Float32Array => {
  const turned = new Float32Array(values.length)
  for (let channel = 0; channel < channels; channel++)
    for (let place = 0; place < places; place++)
      turned[place * channels + channel] = values[channel * places + place]!
  return turned
}
