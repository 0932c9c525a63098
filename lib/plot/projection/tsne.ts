import type { Vectors } from '../../retrieve/vectors.js'
import { affinities } from './affinities.js'
import { squaredDistances } from './distances.js'
import { pca } from './pca.js'
import type { Plane, ProjectionSettings } from './projection.js'

/** The usual settings (van der Maaten and Hinton 2008; rate and start of Kobak and Berens 2019). */
const EXAGGERATION = 12
const STAGES = [
  { iterations: 250, exaggeration: EXAGGERATION, momentum: 0.5 },
  { iterations: 750, exaggeration: 1, momentum: 0.8 },
]
const ITERATIONS = 1000
const SPREAD_AT_START = 1e-4

/**
 * t-SNE to two dimensions, exact: every pair is looked at in every iteration, so the cost grows with
 * the square of the points. It starts from the principal components, so nothing is random.
 */
export const tsne = (vectors: Vectors, { perplexity, progress }: ProjectionSettings): Plane => {
  const { count } = vectors
  const p = affinities(squaredDistances(vectors), count, Math.min(perplexity, (count - 1) / 3))
  const plane = start(pca(vectors))
  const work = { kernel: new Float64Array(count * count), gradient: new Float64Array(2 * count) }
  const rate = Math.max(count / EXAGGERATION / 4, 50)
  let done = 0
  for (const { iterations, exaggeration, momentum } of STAGES) {
    // A stage takes over where points are, not where they were heading.
    const descent = new Descent(plane, rate)
    for (let i = 0; i < iterations; i++) {
      gradientOf(plane, p, exaggeration, work)
      descent.step(work.gradient, momentum)
      progress?.(++done / ITERATIONS)
    }
  }
  return plane
}

/** Small enough that every point sees all others when it starts. */
const start = (plane: Plane): Plane => {
  const first = plane.filter((_, at) => at % 2 === 0)
  const spread = Math.sqrt(first.reduce((sum, x) => sum + x * x, 0) / first.length) || 1
  return plane.map(x => (x / spread) * SPREAD_AT_START)
}

/** 4 sum_j (exaggeration p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2), into `gradient`. */
const gradientOf = (
  plane: Plane,
  p: Float64Array,
  exaggeration: number,
  { kernel, gradient }: { kernel: Float64Array; gradient: Float64Array },
): void => {
  const count = gradient.length / 2
  let sum = 0
  for (let i = 0; i < count; i++)
    for (let j = 0, at = i * count; j < i; j++, at++) {
      const x = plane[2 * i]! - plane[2 * j]!
      const y = plane[2 * i + 1]! - plane[2 * j + 1]!
      sum += kernel[at] = 1 / (1 + x * x + y * y)
    }
  gradient.fill(0)
  const scale = 1 / (2 * sum)
  for (let i = 0; i < count; i++)
    for (let j = 0, at = i * count; j < i; j++, at++) {
      const force = 4 * (exaggeration * p[at]! - kernel[at]! * scale) * kernel[at]!
      const x = force * (plane[2 * i]! - plane[2 * j]!)
      const y = force * (plane[2 * i + 1]! - plane[2 * j + 1]!)
      gradient[2 * i]! += x
      gradient[2 * i + 1]! += y
      gradient[2 * j]! -= x
      gradient[2 * j + 1]! -= y
    }
}

/** Gradient descent with momentum and a gain for every coordinate (Jacobs 1988). */
class Descent {
  readonly #velocity: Float64Array
  readonly #gains: Float64Array

  constructor(
    private readonly plane: Plane,
    private readonly rate: number,
  ) {
    this.#velocity = new Float64Array(plane.length)
    this.#gains = new Float64Array(plane.length).fill(1)
  }

  step(gradient: Float64Array, momentum: number): void {
    for (let at = 0; at < this.plane.length; at++) {
      const against = gradient[at]! * this.#velocity[at]! < 0
      this.#gains[at] = Math.max(0.01, against ? this.#gains[at]! + 0.2 : this.#gains[at]! * 0.8)
      this.#velocity[at] =
        momentum * this.#velocity[at]! - this.rate * this.#gains[at]! * gradient[at]!
      this.plane[at]! += this.#velocity[at]!
    }
  }
}
