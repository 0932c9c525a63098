import { Grown } from './grown.js'
import type { Layout, ModalityColumn } from './types.js'

/** Puts the columns of many batches end to end. */
export interface Collector {
  add(column: ModalityColumn): void
  end(): ModalityColumn
}

/** @param dim numbers per vector */
export const collector = (layout: Layout, dim: number): Collector => {
  const parts: Parts = {
    values: new Grown(new Float32Array(0)),
    present: new Grown(new Uint8Array(0)),
    codes: new Grown(new Int32Array(0)),
    offsets: new Grown(Int32Array.of(0)),
    viewOffsets: new Grown(Int32Array.of(0)),
  }
  return {
    add: column => append(parts, column),
    end: () => whole(parts, layout, dim),
  }
}

interface Parts {
  values: Grown<Float32Array>
  present: Grown<Uint8Array>
  codes: Grown<Int32Array>
  offsets: Grown<Int32Array>
  viewOffsets: Grown<Int32Array>
}

const append = (parts: Parts, column: ModalityColumn): void => {
  parts.present.push(column.present)
  if (column.layout === 'category') return parts.codes.push(column.codes)
  parts.values.push(column.values)
  if (column.layout === 'vector') return
  parts.offsets.push(column.offsets.subarray(1), parts.offsets.view().at(-1)!)
  if (column.layout === 'views-of-tokens')
    parts.viewOffsets.push(column.viewOffsets.subarray(1), parts.viewOffsets.view().at(-1)!)
}

const whole = (parts: Parts, layout: Layout, dim: number): ModalityColumn => {
  const present = parts.present.view()
  if (layout === 'category') return { layout, codes: parts.codes.view(), present }
  const values = parts.values.view()
  if (layout === 'vector') return { layout, dim, values, present }
  const offsets = parts.offsets.view()
  if (layout !== 'views-of-tokens') return { layout, dim, values, offsets, present }
  return { layout, dim, values, offsets, viewOffsets: parts.viewOffsets.view(), present }
}
