import { badData } from '../../error.js'
import type { Zeroshot } from '../zeroshot.js'

/**
 * What to warn of where rows have labels that are the name of no class, so that they could not be
 * scored. Where no label is one and metrics are all that is asked for, it is bad data (65).
 */
export const checkLabels = (
  { meters, plan, space, labels, stream }: Zeroshot,
  { predictions }: { predictions: boolean },
): string | undefined => {
  const results = [...meters.values()].map(({ accuracy }) => accuracy.result())
  const unknown = Math.max(0, ...results.map(({ unknown }) => unknown))
  if (!labels || (unknown === 0 && labels.strange === 0)) return undefined
  const { column } = plan.truth!
  const some = [...labels.strangers].map(label => `'${label}'`).join(', ')
  if (!predictions && results.every(({ items }) => items === 0)) {
    const names = space.prototypes.names.slice(0, 3).map(name => `'${name}'`)
    throw badData(
      `${stream.name}: column '${column}': found labels like ${some}, expected names of classes like ${names.join(', ')}`,
      'name the column that holds the classes with --label',
    )
  }
  const what =
    unknown > 0 ? `${unknown} rows are not scored` : `${labels.strange} labels do not count`
  return `${what}: column '${column}' holds ${some}, and no class is called so`
}
