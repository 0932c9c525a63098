import { badUsage } from '../../error.js'
import type { Pixels } from '../image.js'

export interface HogShape {
  /** Pixels of a side of the picture, of a cell; cells of a side of a block; orientations. */
  size: number
  cell: number
  block: number
  bins: number
}

export function gradientLength({ size, cell, block, bins }: HogShape, where: string): number {
  const blocks = Math.floor(size / cell) - block + 1
  if (blocks < 1) {
    throw badUsage(`${where}: size ${size} is too small for blocks of ${block} cells of ${cell}`)
  }
  return blocks * blocks * block * block * bins
}

/**
 * Histograms of oriented gradients (Dalal & Triggs, CVPR 2005): centred differences without
 * smoothing, the channel of largest magnitude, unsigned orientations, votes shared between
 * neighbouring orientations and cells, overlapping blocks one cell apart, each normalised by
 * L2-Hys (unit length, clipped at 0.2, unit length again). Fills blocks x block x block x bins.
 */
export function gradientHistograms(pixels: Pixels, shape: HogShape, into: Float32Array): void {
  const { size, cell, block, bins } = shape
  const cells = Math.floor(size / cell)
  const histograms = cellHistograms(pixels, cells, cell, bins)
  const length = block * block * bins
  let at = 0
  for (let top = 0; top + block <= cells; top++) {
    for (let left = 0; left + block <= cells; left++, at += length) {
      for (let row = 0; row < block; row++) {
        const from = ((top + row) * cells + left) * bins
        into.set(histograms.subarray(from, from + block * bins), at + row * block * bins)
      }
      l2Hys(into.subarray(at, at + length))
    }
  }
}

function cellHistograms(
  { data, size }: Pixels,
  cells: number,
  cell: number,
  bins: number,
): Float32Array {
  const histograms = new Float32Array(cells * cells * bins)
  const row = 3 * size
  const binsPerRadian = bins / Math.PI
  for (let y = 1; y < size - 1; y++) {
    // The share of each vote that goes to the cell above and below its place.
    const v = (y + 0.5) / cell - 0.5
    const above = Math.floor(v)
    const down = v - above
    for (let x = 1; x < size - 1; x++) {
      let largest = 0
      let gx = 0
      let gy = 0
      for (let at = y * row + 3 * x, end = at + 3; at < end; at++) {
        const dx = data[at + 3]! - data[at - 3]!
        const dy = data[at + row]! - data[at - row]!
        const square = dx * dx + dy * dy
        if (square > largest) {
          largest = square
          gx = dx
          gy = dy
        }
      }
      if (largest === 0) continue
      const magnitude = Math.sqrt(largest) / 255
      const angle = Math.atan2(gy, gx)
      const place = (angle < 0 ? angle + Math.PI : angle) * binsPerRadian - 0.5
      const floor = Math.floor(place)
      const share = place - floor
      const bin = (floor + bins) % bins
      const next = (bin + 1) % bins
      const u = (x + 0.5) / cell - 0.5
      const left = Math.floor(u)
      const right = u - left
      for (let corner = 0; corner < 4; corner++) {
        const cy = above + (corner >> 1)
        const cx = left + (corner & 1)
        if (cy < 0 || cx < 0 || cy >= cells || cx >= cells) continue
        const vote = magnitude * (corner >> 1 ? down : 1 - down) * (corner & 1 ? right : 1 - right)
        const at = (cy * cells + cx) * bins
        histograms[at + bin]! += vote * (1 - share)
        histograms[at + next]! += vote * share
      }
    }
  }
  return histograms
}

/** In place; a block without gradients stays zero. */
function l2Hys(block: Float32Array): void {
  scale(block)
  for (let at = 0; at < block.length; at++) if (block[at]! > 0.2) block[at] = 0.2
  scale(block)
}

const scale = (block: Float32Array): void => {
  let square = 1e-10
  for (const value of block) square += value * value
  const factor = 1 / Math.sqrt(square)
  for (let at = 0; at < block.length; at++) block[at]! *= factor
}
