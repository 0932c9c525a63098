import type { ModalityColumn } from '../../stream/types.js'

/** The rows of one column, then those of another of the same layout and dimensions. */
export function behind(a: ModalityColumn, b: ModalityColumn): ModalityColumn {
  const present = Uint8Array.from([...a.present, ...b.present])
  if (a.layout === 'vector' && b.layout === 'vector')
    return { ...a, present, values: floats(a.values, b.values) }
  if (a.layout === 'views' && b.layout === 'views') {
    const first = a.offsets.at(-1)!
    const offsets = Int32Array.from([...a.offsets, ...b.offsets.subarray(1).map(o => o + first)])
    return { ...a, present, offsets, values: floats(a.values, b.values) }
  }
  // Embeddings are vectors or views of vectors; whatever else there is has been refused.
  throw new Error(`no rows of ${b.layout} behind ${a.layout}`)
}

function floats(a: Float32Array, b: Float32Array): Float32Array {
  const all = new Float32Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
