/**
 * Memory that is about to be overwritten as a whole: zeros first would cost a pass over it. What was
 * there before must never be shown.
 */
export const unzeroed = (bytes: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer)
