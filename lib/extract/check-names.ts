import { badUsage } from '../error.js'
import type { ColumnAddress, ModalityAddress } from './address.js'

/** Names are columns of the stream, so each can stand for one thing only. */
export function checkNames(
  modalities: readonly ModalityAddress[],
  columns: readonly ColumnAddress[],
  split: string | undefined,
): void {
  const taken = new Map([['id', 'the id']])
  if (split !== undefined) taken.set('split', '--split')
  for (const { name, text } of modalities) {
    const other = taken.get(name)
    if (other) throw badUsage(`${text}: the name '${name}' is taken by ${other}`)
  }
  for (const { name, text } of modalities) taken.set(name, text)
  for (const { name, text } of columns) {
    const other = taken.get(name)
    if (other) throw badUsage(`${text}: the name '${name}' is taken by ${other}`)
    taken.set(name, text)
  }
}
