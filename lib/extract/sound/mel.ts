/** A triangular filter: its first spectrum bin and the weights from there on. */
interface Filter {
  first: number
  weights: Float64Array
}

/**
 * `count` triangular filters from 0 Hz to half the rate, on Slaney's mel scale (linear to 1 kHz,
 * logarithmic above: Auditory Toolbox, 1998), each of unit area, over the bins of a spectrum of
 * `size` points: what librosa.filters.mel makes by default.
 */
export function melFilters(count: number, rate: number, size: number): Filter[] {
  const top = toMel(rate / 2)
  const edges = Array.from({ length: count + 2 }, (_, index) =>
    toHertz((top * index) / (count + 1)),
  )
  return Array.from({ length: count }, (_, index) => {
    const [low, centre, high] = edges.slice(index, index + 3) as [number, number, number]
    const first = Math.ceil((low * size) / rate)
    const last = Math.floor((high * size) / rate)
    const weights = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => {
      const hertz = ((first + offset) * rate) / size
      const rise = (hertz - low) / (centre - low)
      const fall = (high - hertz) / (high - centre)
      return (Math.max(0, Math.min(rise, fall)) * 2) / (high - low)
    })
    return { first, weights }
  })
}

const LINEAR = 200 / 3
const BREAK_HERTZ = 1000
const BREAK_MEL = BREAK_HERTZ / LINEAR
const LOG_STEP = Math.log(6.4) / 27

const toMel = (hertz: number): number =>
  hertz < BREAK_HERTZ ? hertz / LINEAR : BREAK_MEL + Math.log(hertz / BREAK_HERTZ) / LOG_STEP

const toHertz = (mel: number): number =>
  mel < BREAK_MEL ? mel * LINEAR : BREAK_HERTZ * Math.exp(LOG_STEP * (mel - BREAK_MEL))
