import type { ModalityField, StreamSchema } from './types.js'

/** Bytes a record batch should have, within the 4 to 32 MB that readers are promised. */
const BATCH_BYTES = 1 << 23

/** Guesses where rows differ in size: tokens or views of an item, bytes of any other value. */
const VECTORS_A_ROW = 16
const OTHER_BYTES = 32

const MOST_ROWS = 65536

/** How many rows make a record batch of about 8 MB. */
export const rowsPerBatch = ({ modalities, others }: StreamSchema): number => {
  const bytes = modalities.reduce((sum, field) => sum + bytesPerRow(field), 1)
  const rows = Math.floor(BATCH_BYTES / (bytes + OTHER_BYTES * others.length))
  return Math.min(MOST_ROWS, Math.max(1, rows))
}

const bytesPerRow = ({ layout, dim, float }: ModalityField): number => {
  if (layout === 'category') return 4
  const vector = dim * (float === 'float16' ? 2 : 4)
  return layout === 'vector' ? vector : VECTORS_A_ROW * vector
}
