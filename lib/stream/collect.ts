import { collector } from './collector.js'
import type { InputStream } from './read.js'
import type { ModalityColumn, OtherColumn } from './types.js'

/** The named columns of a whole stream, in memory. */
export interface Collected {
  rows: number
  modalities: Record<string, ModalityColumn>
  others: Record<string, OtherColumn>
}

/** Reads a stream to its end and keeps the named columns; nothing else stays in memory. */
export const collect = async (
  stream: InputStream,
  { modalities, others }: { modalities: readonly string[]; others: readonly string[] },
): Promise<Collected> => {
  const fields = modalities.map(name => {
    const field = stream.schema.modalities.find(modality => modality.name === name)
    if (!field) throw new Error(`no modality '${name}' in ${stream.name}`)
    return field
  })
  const collectors = fields.map(({ name, layout, dim }) => ({ name, ...collector(layout, dim) }))
  const values = others.map(name => ({ name, values: [] as OtherColumn['values'][number][] }))
  let rows = 0
  for await (const batch of stream) {
    for (const { name, add } of collectors) add(batch.modality(name))
    for (const { name, values: all } of values)
      for (const value of batch.other(name).values) all.push(value)
    rows += batch.rows
  }
  return {
    rows,
    modalities: Object.fromEntries(collectors.map(({ name, end }) => [name, end()])),
    others: Object.fromEntries(
      values.map(({ name, values }) => [name, { layout: 'other' as const, values }]),
    ),
  }
}
