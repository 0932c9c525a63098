import { specification, type Chart } from './chart.js'
import type { PointSet } from '../plot/points.js'
import { colourOf } from './colours.js'
import type { Plane, ProjectionName } from '../plot/projection/projection.js'
import { SHAPES } from './theme.js'

export interface MapSettings {
  title?: string
  /** Of one panel, in pixels. */
  size: number
}

export interface Projected {
  name: ProjectionName
  /** (points x 2), row-major. */
  plane: Plane
  /** The share of the variance that is in the plane, from 0 to 1, where that means something. */
  explained?: number
}

const NAMES: Record<ProjectionName, string> = { pca: 'PCA', tsne: 't-SNE', umap: 'UMAP' }

/**
 * Embeddings in the plane, a panel for every projection: shape tells the modality, colour the class
 * (or the modality, where there is no class). Prototypes of classes are large and have an edge.
 */
export const mapChart = (
  set: PointSet,
  projections: readonly Projected[],
  { title = 'Embeddings by modality', size }: MapSettings,
): Chart => {
  const { points, items, column } = set
  const modalities = [...new Set(points.map(({ modality }) => modality))]
  const colours = colourOf(points, column)
  const values = scattered(points).map(at => ({
    ...Object.fromEntries(
      projections.flatMap(({ name, plane }) => [
        [`${name}_x`, digits(plane[2 * at]!)],
        [`${name}_y`, digits(plane[2 * at + 1]!)],
      ]),
    ),
    id: points[at]!.id,
    modality: points[at]!.modality,
    colour: colours.names[at]!,
    ...(points[at]!.prototype && { prototype: true }),
  }))
  const shown = `${points.length} embeddings of ${items.drawn === items.of ? '' : `${items.drawn} of `}${items.of} items${items.drawn === items.of ? '' : ', drawn at random'}`
  const description = `${shown}, ${projections.map(({ name }) => NAMES[name]).join(', ')}, by modality${column === undefined ? '' : ` and ${column}`}`
  const legends = {
    colour: {
      field: 'colour',
      type: 'nominal',
      title: column ?? 'modality',
      scale: { domain: colours.domain, range: colours.range },
    },
    shape: {
      field: 'modality',
      type: 'nominal',
      title: 'modality',
      scale: { domain: modalities, range: modalities.map((_, i) => SHAPES[i % SHAPES.length]) },
    },
  }
  const panels = projections.map(each => panel(each, { legends, size, count: points.length }))
  return {
    spec: specification(
      { title, subtitle: [shown], description },
      { data: { values }, hconcat: panels, spacing: 28 },
    ),
    description,
    columns: ['id', 'modality', ...(column === undefined ? [] : [column]), ...axes(projections)],
    rows: points.map((point, at) => ({
      id: point.id,
      modality: point.modality,
      ...(column !== undefined && { [column]: point.value }),
      ...Object.fromEntries(
        projections.flatMap(({ name, plane }) => [
          [`${name}_x`, plane[2 * at]!],
          [`${name}_y`, plane[2 * at + 1]!],
        ]),
      ),
    })),
  }
}

const axes = (projections: readonly Projected[]): string[] =>
  projections.flatMap(({ name }) => [`${name}_x`, `${name}_y`])

const panel = (
  { name, plane, explained }: Projected,
  given: { legends: { colour: object; shape: object }; size: number; count: number },
) => {
  const { legends, size, count } = given
  const [x, y] = square(plane)
  // A component is a direction in the shared space; the others only keep neighbours together.
  const unit = name === 'pca' ? '' : ', arbitrary units'
  const axis = name === 'pca' ? {} : { labels: false, ticks: false }
  const encoding = (direction: 'x' | 'y', domain: number[]) => ({
    field: `${name}_${direction}`,
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: {
      ...axis,
      grid: false,
      tickCount: 5,
      title: `${NAMES[name]} ${direction === 'x' ? 1 : 2}${unit}`,
    },
  })
  return {
    width: size,
    height: size,
    title: {
      text: NAMES[name],
      fontSize: 12,
      frame: 'group',
      offset: 6,
      // A line of its own in every panel, so that their frames are level.
      subtitle: explained === undefined ? ' ' : `${(explained * 100).toFixed(0)} % of the variance`,
    },
    mark: { type: 'point', filled: true, opacity: 0.75 },
    encoding: {
      x: encoding('x', x!),
      y: encoding('y', y!),
      color: legends.colour,
      shape: legends.shape,
      size: {
        condition: { test: 'datum.prototype', value: 150 },
        value: Math.max(12, Math.min(45, 30_000 / count)),
      },
      stroke: { condition: { test: 'datum.prototype', value: '#000000' }, value: null },
    },
  }
}

/** One scale for both axes, with a margin, so that distances look as long as they are. */
const square = (plane: Plane): number[][] => {
  const ends = [0, 1].map(axis => {
    let [low, high] = [Infinity, -Infinity]
    for (let at = axis; at < plane.length; at += 2) {
      low = Math.min(low, plane[at]!)
      high = Math.max(high, plane[at]!)
    }
    return [low, high] as const
  })
  const half = Math.max(...ends.map(([low, high]) => high - low), 1e-6) * 0.53
  return ends.map(([low, high]) => [
    digits((low + high) / 2 - half),
    digits((low + high) / 2 + half),
  ])
}

/** Six digits are more than a picture can show. */
const digits = (value: number): number => Number(value.toPrecision(6))

/** All indices in an order that lets no modality lie on top of the others; prototypes come last. */
const scattered = (points: PointSet['points']): number[] =>
  points
    .map(({ prototype }, at) => ({ at, last: Number(prototype), place: Math.imul(at, ODD) >>> 0 }))
    .sort((a, b) => a.last - b.last || a.place - b.place)
    .map(({ at }) => at)

/** Multiplication by it, modulo 2^32, is a permutation that leaves no pattern to the eye (Knuth). */
const ODD = 0x9e3779b1
