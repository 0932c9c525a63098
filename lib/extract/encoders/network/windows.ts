import { badData } from '../../../error.js'
import type { Sequence } from './pooling.js'
import type { Network, Tensor } from './network.js'

export interface Windowing {
  network: Network
  /** Frames from one window to the next. */
  hop: number
  /** Every number of a frame becomes `number * mul + add`. */
  mul: number
  add: number
}

/**
 * Windows of frames as the input of a network whose shape names their length and the width of a
 * frame: (windows, length, width, ...). A sequence shorter than one window is filled up by
 * repeating its last frame, so that the end of a short sound does not look like a click.
 */
export function windowsOf(
  { values, count, dim }: Sequence,
  { network: { shape }, hop, mul, add }: Windowing,
): Tensor {
  const [, length, width] = shape
  if (length === undefined || width !== dim)
    throw badData(
      `frames of ${dim} numbers for a network of ${shape.map(side => side ?? '?').join(' x ')}`,
    )
  const windows = Math.max(1, 1 + Math.floor((count - length) / hop))
  const input = new Float32Array(windows * length * dim)
  for (let window = 0, to = 0; window < windows; window++)
    for (let frame = 0; frame < length; frame++) {
      const from = Math.min(window * hop + frame, count - 1) * dim
      for (let at = 0; at < dim; at++) input[to++] = values[from + at]! * mul + add
    }
  return { dims: [windows, length, ...shape.slice(2).map(side => side ?? 1)], values: input }
}
