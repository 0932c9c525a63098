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
  { data, width: size }: Pixels,
  cells: number,
  cell: number,
  bins: number,
): Float32Array {
  // Cells around the picture take the votes that fall outside, and are cut off in the end.
  const wide = cells + 3
  const votes = new Float32Array(wide * wide * bins)
  const row = 3 * size
  const binsPerRadian = bins / Math.PI
  const { before, shares } = places(size, cell)
  for (let y = 1; y < size - 1; y++) {
    const line = before[y]! * wide
    const down = shares[y]!
    const up = 1 - down
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
      const place = angleOf(gx, gy) * binsPerRadian - 0.5
      const floor = Math.floor(place)
      const share = place - floor
      const bin = floor < 0 ? bins - 1 : floor
      const next = bin + 1 === bins ? 0 : bin + 1
      const right = shares[x]!
      const left = 1 - right
      const above = (line + before[x]!) * bins
      const below = above + wide * bins
      vote(votes, above + bin, above + next, magnitude * up * left, share)
      vote(votes, above + bins + bin, above + bins + next, magnitude * up * right, share)
      vote(votes, below + bin, below + next, magnitude * down * left, share)
      vote(votes, below + bins + bin, below + bins + next, magnitude * down * right, share)
    }
  }
  const histograms = new Float32Array(cells * cells * bins)
  for (let y = 0; y < cells; y++) {
    const from = ((y + 1) * wide + 1) * bins
    histograms.set(votes.subarray(from, from + cells * bins), y * cells * bins)
  }
  return histograms
}

/** Angles of differences of bytes, 0 to pi: -255..255 to the right, 0..255 down. */
const ANGLES = Float64Array.from({ length: 256 * 511 }, (_, at) =>
  Math.atan2(Math.floor(at / 511), (at % 511) - 255),
)

/** The orientation of a gradient, without its sign. */
const angleOf = (gx: number, gy: number): number =>
  ANGLES[gy < 0 ? 255 - gx - 511 * gy : 255 + gx + 511 * gy]!

/** A vote for two bins, `share` of it for the second. */
const vote = (
  votes: Float32Array,
  first: number,
  second: number,
  weight: number,
  share: number,
): void => {
  votes[first]! += weight * (1 - share)
  votes[second]! += weight * share
}

/**
 * Between the centres of which two cells each pixel of a line lies: the first of them, counted from
 * the one outside, and the share of a vote that goes to the second.
 */
function places(size: number, cell: number) {
  const before = new Int32Array(size)
  const shares = new Float64Array(size)
  for (let at = 0; at < size; at++) {
    const place = (at + 0.5) / cell - 0.5
    before[at] = Math.floor(place) + 1
    shares[at] = place - Math.floor(place)
  }
  return { before, shares }
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
