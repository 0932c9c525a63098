import { badUsage } from '../../error.js'
import { type Pair, pairName } from '../losses/loss.js'
import type { Model } from '../model.js'
import type { FusionDescription } from './description.js'

type Sizes = Pick<FusionDescription, 'width' | 'blocks' | 'heads'>

const told = ({ width, blocks, heads }: Sizes): string =>
  `width=${width},blocks=${blocks},heads=${heads}`

/** Refuses (64) fusion encoders of another size than those of the model to start from: all have one. */
export function checkFusion(init: Model | undefined, wanted: FusionDescription | undefined): void {
  const known = init?.description.fusion
  if (!known || !wanted || told(known) === told(wanted)) return
  throw badUsage(
    `--term itm: ${told(wanted)}, and the fusion encoders of --init have ${told(known)}`,
    `ask for --term itm,${told(known)}`,
  )
}

/**
 * Which older fusion encoders still fit a space that has grown, and which do not: one looks at the
 * tokens of two heads, and is of no use once either is another.
 */
export function olderFusion(
  old: Model,
  changed: ReadonlySet<string>,
  trained: readonly string[],
): { kept: string[]; stale: string[] } {
  const names = old.description.modalities.map(({ name }) => name).filter(n => !changed.has(n))
  const whole = new Set(names.flatMap(a => names.map(b => pairName({ a, b }))))
  const older = (old.description.fusion?.pairs ?? []).filter(pair => !trained.includes(pair))
  return {
    kept: older.filter(pair => whole.has(pair)),
    stale: older.filter(pair => !whole.has(pair)),
  }
}

/** Modalities whose heads a training changes. */
export const changedBy = (pairs: readonly Pair[], frozen: ReadonlySet<string>): Set<string> =>
  new Set(pairs.flatMap(({ a, b }) => [a, b]).filter(name => !frozen.has(name)))
