import type { OptionReader } from '../option-reader.js'
import { pictureEncoder as encoderOf } from '../network/picture.js'
import type { Pooling } from '../network/pooling.js'
import type { Preprocessing } from '../network/preprocessor-config.js'
import type { Network } from './model.js'
import type { Transformers } from './package.js'

/** Sides of the pictures that a vision tower was trained with. */
const sizeOf = (config: Record<string, unknown>): number | undefined => {
  const vision = (config['vision_config'] ?? config) as { image_size?: unknown }
  return typeof vision.image_size === 'number' ? vision.image_size : undefined
}

/**
 * A network of pictures. They are prepared by us, as preprocessor_config.json says, since the
 * package shrinks them without a low-pass filter, unlike the library that trained the networks.
 */
export const pictureEncoder = (
  { run, config }: Network,
  { Tensor }: Transformers,
  options: OptionReader,
  beside: Preprocessing,
  pooling: Pooling,
) => {
  const size = sizeOf(config)
  const network = {
    shape: [undefined, 3, size, size],
    run: ({ dims, values }: { dims: readonly number[]; values: Float32Array }) =>
      run({ pixel_values: new Tensor('float32', values, dims) }),
    close: async () => {},
  }
  return encoderOf(network, options, beside, pooling)
}
