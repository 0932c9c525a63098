import { isObject } from '../../charts/reading.js'
import { definitions } from '../../html/table.js'
import { directionRecords, type System } from '../system.js'

/**
 * How the numbers were made: what all directions share once, what differs with the directions it
 * holds for. Every key of the protocol is told.
 */
export const protocol = (systems: readonly System[]): string => {
  const records = systems.flatMap(system =>
    directionRecords(system).map(record => ({
      name: `${systems.length > 1 ? `${system.name} ` : ''}${record['direction']}`,
      protocol: isObject(record['protocol']) ? record['protocol'] : {},
    })),
  )
  const keys = [...new Set(records.flatMap(({ protocol }) => Object.keys(protocol)))]
  const entries = keys.map((key): [string, string] => {
    const holders = new Map<string, string[]>()
    for (const { name, protocol } of records) {
      const text = said(protocol[key])
      holders.set(text, [...(holders.get(text) ?? []), name])
    }
    const [only] = holders.keys()
    if (holders.size === 1) return [words(key), only!]
    const parts = [...holders].map(([text, names]) => `${text} (${shortly(names, records.length)})`)
    return [words(key), parts.join('; ')]
  })
  return `<section><h2>Protocol</h2>${definitions(entries)}</section>`
}

/** Names, or how many where they would fill the page. */
const shortly = (names: readonly string[], all: number): string =>
  names.length > 6 ? `${names.length} of ${all} directions` : names.join(', ')

const words = (key: string): string => key.replaceAll('_', ' ')

const said = (value: unknown): string => {
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return value.map(said).join(', ')
  if (!isObject(value)) return String(value)
  return Object.entries(value)
    .map(([key, each]) => `${words(key)} ${said(each)}`)
    .join(', ')
}
