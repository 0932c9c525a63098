/** Two counters in memory that a thread shares with the one that started it. */
export type Flags = Int32Array

/** How many pieces of work the thread is at; beginning is one. */
export const BUSY = 0
/** Not 0 once it shall begin no more. */
export const STOP = 1

export const newFlags = (): Flags => {
  const flags = new Int32Array(new SharedArrayBuffer(8))
  flags[BUSY] = 1
  return flags
}
