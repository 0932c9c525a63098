import { badUsage } from '../error.js'
import { type Pair, pairName } from './losses/loss.js'
import type { Model } from './model.js'
import type { TrainSettings } from './settings.js'

/** Modalities whose embeddings no training would change. */
export const stillHeads = (
  { frozen, head }: Omit<TrainSettings, 'pairs'>,
  init: Model | undefined,
  names: readonly string[],
): Set<string> =>
  new Set(
    names.filter(name => {
      const known = init?.description.modalities.find(m => m.name === name)
      const [kind, pooling] = known
        ? [known.head, known.pooling]
        : [head(name).kind, head(name).pooling]
      return frozen.has(name) || (kind === 'identity' && pooling === undefined)
    }),
  )

/** Pairs of all modalities in stream order, but for those in which nothing would learn. */
export function allPairs(names: readonly string[], still: ReadonlySet<string>): Pair[] {
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .filter(b => !(still.has(a) && still.has(b)))
      .map(b => ({ a, b, weight: 1 })),
  )
}

/** Refuses (64) pairs of modalities that the stream lacks, of one with itself, and repeated ones. */
export function checkPairs(pairs: readonly Pair[], names: readonly string[]): void {
  const seen = new Set<string>()
  for (const pair of pairs) {
    for (const name of [pair.a, pair.b])
      if (!names.includes(name))
        throw badUsage(`no modality '${name}' in the stream`, `it has ${names.join(', ')}`)
    if (pair.a === pair.b) throw badUsage(`a pair needs two modalities, not '${pair.a}' twice`)
    const name = pairName(pair.a < pair.b ? pair : { a: pair.b, b: pair.a })
    if (seen.has(name)) throw badUsage(`the pair ${name} is given twice`)
    seen.add(name)
  }
}

/** Refuses (64) to freeze what does not exist yet, and a space of another size than --init has. */
export function checkFrozen(
  { frozen, dim }: Omit<TrainSettings, 'pairs'>,
  init: Model | undefined,
  names: readonly string[],
): void {
  for (const name of frozen) {
    if (!names.includes(name)) throw badUsage(`--freeze ${name}: no such modality in the stream`)
    if (!init?.description.modalities.some(m => m.name === name))
      throw badUsage(`--freeze ${name}: needs --init with a model that has a head for it`)
  }
  if (init && init.description.dim !== dim)
    throw badUsage(`--dim ${dim}: the model of --init has ${init.description.dim} dimensions`)
}
