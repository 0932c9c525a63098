import { linearParameters, normParameters, type ParameterSpec } from '../heads/head.js'

/** What a fusion encoder is like. */
export interface FusionSize {
  /** Dimensions of the shared space, whose tokens it reads. */
  input: number
  width: number
  blocks: number
  /** Attention heads; they divide the width. */
  heads: number
}

const FEED_FORWARD = 4

export const blockName = (at: number): string => `block${at}`

/** Parameters of the encoder of one pair. */
export function fusionParameters({ input, width, blocks }: FusionSize): ParameterSpec[] {
  const attention = (name: string): ParameterSpec[] =>
    ['query', 'key', 'value', 'out'].flatMap(part =>
      linearParameters(`${name}.${part}`, width, width).map(spec =>
        // Like looks for like from the start: queries and keys begin as the same map.
        part === 'key' ? { ...spec, as: spec.name.replace('.key.', '.query.') } : spec,
      ),
    )
  return [
    ...linearParameters('token', input, width),
    { name: 'start', shape: [1, width], initial: { normal: 0.02 }, decay: true },
    ...Array.from({ length: blocks }, (_, at) => blockName(at)).flatMap(name => [
      ...normParameters(`${name}.self-norm`, width),
      ...attention(`${name}.self`),
      ...normParameters(`${name}.cross-norm`, width),
      ...attention(`${name}.cross`),
      ...normParameters(`${name}.feed-norm`, width),
      ...linearParameters(`${name}.in`, width, FEED_FORWARD * width),
      ...linearParameters(`${name}.out`, FEED_FORWARD * width, width),
    ]),
    ...normParameters('norm', width),
    ...linearParameters('match', width, 2),
  ]
}

/** Widths of the dropout masks that a run takes: one behind each part of each block. */
export const fusionDropouts = ({ width, blocks }: FusionSize): number[] =>
  Array.from({ length: 3 * blocks }, () => width)
