import type { Block } from './features/types.js'
import type { Other } from './others.js'

/** One `--where COLUMN=VALUE[,VALUE]`, and what gives the value of its column. */
export interface Condition {
  values: ReadonlySet<string>
  read: Other['read']
}

/** The rows that satisfy every condition, decided before anything is decoded. */
export async function select(block: Block, conditions: readonly Condition[]): Promise<Block> {
  let rows = block
  for (const { values, read } of conditions) {
    const found = await read(rows)
    rows = rows.filter((_, index) => found[index] !== null && values.has(String(found[index])))
  }
  return rows
}
