import { badUsage } from '../../../error.js'
import type { OptionReader } from '../option-reader.js'
import type { Network } from './network.js'
import type { PictureInput } from './picture-input.js'

const SIDE = 224
const LARGEST = { min: 1, max: 4096 }

/**
 * What a network wants of a picture: the address says, else the file beside the model, else the
 * model itself, else 0..1 without more ado.
 */
export function readPictureInput(
  options: OptionReader,
  beside: Partial<PictureInput>,
  network: Pick<Network, 'shape' | 'integers'>,
): PictureInput {
  const found = shapeOf(network, options.choice('layout', ['nchw', 'nhwc']))
  const size = options.size('size', beside.size ?? found.size, LARGEST)
  const fit = options.choice('fit', ['fill', 'cover']) ?? beside.fit ?? 'fill'
  const kernel =
    options.choice('kernel', ['nearest', 'linear', 'cubic', 'lanczos3']) ?? beside.kernel ?? 'cubic'
  const longest = Math.max(size.width, size.height)
  const isBeside = size.width === beside.size?.width && size.height === beside.size.height
  const input: PictureInput = {
    size,
    fit,
    kernel,
    shortest: isBeside ? beside.shortest : undefined,
    channels: found.channels,
    scale: options.number('scale') ?? beside.scale ?? (network.integers ? 1 : 1 / 255),
    mean: channels(options, 'mean', found.channels) ?? beside.mean ?? [0, 0, 0],
    std: channels(options, 'std', found.channels) ?? beside.std ?? [1, 1, 1],
    layout: found.layout,
  }
  if (input.shortest !== undefined && input.shortest < longest)
    throw badUsage(`${options.where}: size ${longest} is cut out of ${input.shortest} pixels`)
  if (input.std.includes(0)) throw badUsage(`${options.where}: std is 0`)
  return input
}

/** What a shape of four axes says of pictures; where it leaves a side open, that is 224. */
function shapeOf({ shape }: Pick<Network, 'shape'>, asked: PictureInput['layout'] | undefined) {
  const isChannels = (axis: number): boolean => shape[axis] === 1 || shape[axis] === 3
  const last = shape.length === 4 && isChannels(3) && !isChannels(1)
  const layout = asked ?? (last ? 'nhwc' : 'nchw')
  const [channels, height, width] =
    layout === 'nchw' ? shape.slice(1) : [shape[3], shape[1], shape[2]]
  return {
    layout,
    channels: channels === 1 ? (1 as const) : (3 as const),
    size: { height: height ?? SIDE, width: width ?? SIDE },
  }
}

/** One number for all channels, or one each. */
const channels = (options: OptionReader, name: string, count: number): number[] | undefined => {
  const numbers = options.numbers(name)
  if (numbers?.length === 1) return new Array<number>(count).fill(numbers[0]!)
  if (numbers && numbers.length !== count)
    throw badUsage(
      `${options.where}: option ${name}: ${numbers.length} numbers, expected ${count === 1 ? '1' : `1 or ${count}`}`,
    )
  return numbers
}
