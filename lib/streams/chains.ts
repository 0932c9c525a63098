import type { ProvenanceRecord } from '../stream/types.js'

/** The provenance of several streams as one chain: each record once, in the order first met. */
export const joinChains = (
  chains: readonly (readonly ProvenanceRecord[])[],
): ProvenanceRecord[] => {
  const records = new Map<string, ProvenanceRecord>()
  for (const record of chains.flat()) {
    const text = JSON.stringify(record)
    if (!records.has(text)) records.set(text, record)
  }
  return [...records.values()]
}
