import type { Where } from '../stream/where.js'
import type { ColumnAddress, ModalityAddress } from './address.js'
import type { Row } from './features/types.js'
import { openManifest } from './manifests/open-manifest.js'
import { manifestRows } from './rows.js'
import { readTable, type Table, type Wanted } from './table.js'

/** The manifest of an extraction; with `hasId`, its first column is the id. */
export type InputTable = Table & { hasId: boolean }

interface InputChoice {
  input: string
  id: string | undefined
  warn?(text: string): void
}

/** What an address reads of the manifest: nothing where it names an array. */
export const wantSource = (address: ModalityAddress | ColumnAddress): Wanted[] => {
  const { source, text } = address
  if (source.from === 'array') return []
  const distinct = 'kind' in address && address.kind === 'category' && !address.options.has('vocab')
  return [{ where: text, columns: source.columns, distinct }]
}

export const wantFilter = ({ column }: Where): Wanted => ({
  where: `--where ${column}=`,
  columns: [{ type: 'name', name: column }],
  distinct: false,
})

/** The manifest, where there is any reason to read one; its first wanted column is the id, if any. */
export async function openTable(
  { input, id, warn }: InputChoice,
  sources: readonly Wanted[],
  filters: readonly Wanted[],
  closers: (() => Promise<void>)[],
): Promise<InputTable | undefined> {
  if (sources.length === 0 && input === '-' && id === undefined) return undefined
  const manifest = await openManifest(input, warn)
  closers.push(() => manifest.close())
  const name = id ?? manifest.idColumn
  const wantId: Wanted[] =
    name === undefined
      ? []
      : [{ where: `--id ${name}`, columns: [{ type: 'name', name }], distinct: false }]
  const table = await readTable(manifest, [...wantId, ...sources, ...filters])
  return { ...table, hasId: name !== undefined }
}

export const tableRows = (table: InputTable): AsyncGenerator<Row> =>
  manifestRows(table.manifest, table.columns, table.hasId ? 0 : -1)
