import { badData } from '../error.js'
import type { Zeroshot } from './zeroshot.js'

/**
 * What to warn of where rows have labels that are the name of no class, so that they could not be
 * scored. Where no label is one and metrics are all that is asked for, it is bad data (65).
 */
export const checkLabels = (
  work: Zeroshot,
  { predictions }: { predictions: boolean },
): string | undefined => {
  const { counters, plan, prototypes, strangers, stream } = work
  const results = [...counters.values()].map(counter => counter.result())
  const unknown = Math.max(0, ...results.map(({ unknown }) => unknown))
  if (unknown === 0) return undefined
  const column = plan.truth!.column
  const labels = [...strangers].map(label => `'${label}'`).join(', ')
  if (!predictions && results.every(({ items }) => items === 0)) {
    const names = prototypes.names.slice(0, 3).map(name => `'${name}'`)
    throw badData(
      `${stream.name}: column '${column}': found labels like ${labels}, expected names of classes like ${names.join(', ')}`,
      'name the column that holds the classes with --label',
    )
  }
  return `${unknown} rows are not scored: column '${column}' holds ${labels}, and no class is called so`
}
