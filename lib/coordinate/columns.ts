import { badUsage } from '../error.js'
import type { InputStream } from '../stream/read.js'
import { columnsOf, type RowChoice } from './rows.js'

/** Columns beside the modalities that training reads: ids, splits, what positives are. */
export function columnsFor(
  { schema, name }: InputStream,
  rows: RowChoice,
  groupings: readonly string[],
): string[] {
  const there = schema.others.map(field => field.name)
  const positives = groupings.flatMap(grouping =>
    grouping.startsWith('column:') ? [grouping.slice('column:'.length)] : [],
  )
  const wanted = [...positives, ...columnsOf(rows)]
  for (const column of wanted)
    if (!there.includes(column))
      throw badUsage(`no column '${column}' in ${name}`, `there are: ${there.join(', ')}`)
  return [...new Set(['id', ...wanted, ...(there.includes('split') ? ['split'] : [])])]
}
