import { badUsage } from '../../../error.js'
import type { OptionReader } from '../option-reader.js'
import type { PictureInput } from './picture-input.js'

/**
 * What a network wants of a picture: the address says, else the file beside the model, else the
 * model itself (`found`), else 0..1 without more ado.
 */
export function readPictureInput(
  options: OptionReader,
  beside: Partial<PictureInput>,
  found: { size: number | undefined; layout: PictureInput['layout'] },
): PictureInput {
  const size = options.integer('size', beside.size ?? found.size ?? 224, { min: 1, max: 4096 })
  const fit = options.choice('fit', ['fill', 'cover']) ?? beside.fit ?? 'fill'
  const kernel =
    options.choice('kernel', ['nearest', 'linear', 'cubic', 'lanczos3']) ?? beside.kernel ?? 'cubic'
  const input: PictureInput = {
    size,
    fit,
    kernel,
    shortest: size === beside.size ? beside.shortest : undefined,
    scale: options.number('scale') ?? beside.scale ?? 1 / 255,
    mean: channels(options, 'mean') ?? beside.mean ?? [0, 0, 0],
    std: channels(options, 'std') ?? beside.std ?? [1, 1, 1],
    layout: options.choice('layout', ['nchw', 'nhwc']) ?? found.layout,
  }
  if (input.shortest !== undefined && input.shortest < size)
    throw badUsage(`${options.where}: size ${size} is cut out of ${input.shortest} pixels`)
  if (input.std.includes(0)) throw badUsage(`${options.where}: std is 0`)
  return input
}

/** One number for all three channels, or one each. */
const channels = (options: OptionReader, name: string): number[] | undefined => {
  const numbers = options.numbers(name)
  if (numbers?.length === 1) return [numbers[0]!, numbers[0]!, numbers[0]!]
  if (numbers && numbers.length !== 3)
    throw badUsage(`${options.where}: option ${name}: ${numbers.length} numbers, expected 1 or 3`)
  return numbers
}
