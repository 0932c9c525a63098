import type { Pixels } from '../image.js'

const HUES = 8
const GREYS = 4
const PER_CELL = HUES + GREYS

export const colourLength = (grid: number): number => grid * grid * PER_CELL

/**
 * Histograms of colour on a grid of cells: each pixel votes with its chroma (HSV saturation times
 * value) for one of eight hues and with the rest for one of four levels of value, each vote shared
 * between the two nearest bins (Swain & Ballard 1991 for the histograms; the split by chroma keeps
 * the hue of a nearly grey pixel, which is noise, from counting). Shares of the cell's pixels,
 * square-rooted, so that Euclidean distance is Hellinger's. Takes a square, fills grid x grid x 12.
 */
export function colourHistograms(
  { data, width: size }: Pixels,
  grid: number,
  into: Float32Array,
): void {
  if (grid === 0) return
  const counts = new Float32Array(grid * grid)
  for (let y = 0; y < size; y++) {
    const cellRow = Math.floor((y * grid) / size) * grid
    for (let x = 0; x < size; x++) {
      const from = 3 * (y * size + x)
      const cell = cellRow + Math.floor((x * grid) / size)
      counts[cell]!++
      vote(data[from]!, data[from + 1]!, data[from + 2]!, into, cell * PER_CELL)
    }
  }
  for (let at = 0; at < into.length; at++) {
    into[at] = Math.sqrt(into[at]! / counts[Math.floor(at / PER_CELL)]!)
  }
}

function vote(red: number, green: number, blue: number, into: Float32Array, at: number): void {
  const value = Math.max(red, green, blue)
  const spread = value - Math.min(red, green, blue)
  const chroma = spread / 255
  if (spread > 0) {
    const sextant =
      value === red
        ? (green - blue) / spread + 6
        : value === green
          ? (blue - red) / spread + 2
          : (red - green) / spread + 4
    const place = (sextant * HUES) / 6
    const floor = Math.floor(place)
    into[at + (floor % HUES)]! += chroma * (1 - place + floor)
    into[at + ((floor + 1) % HUES)]! += chroma * (place - floor)
  }
  const level = (value / 255) * (GREYS - 1)
  const floor = Math.min(Math.floor(level), GREYS - 2)
  into[at + HUES + floor]! += (1 - chroma) * (1 - level + floor)
  into[at + HUES + floor + 1]! += (1 - chroma) * (level - floor)
}
