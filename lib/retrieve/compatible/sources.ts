import { badData } from '../../error.js'
import type { Collected } from '../../stream/collect.js'
import type { ModalityColumn } from '../../stream/types.js'
import type { EmbeddingSource } from '../embedding-source.js'
import { behind } from './behind.js'

/** The embeddings of a new and of an old model, each by itself, and new queries over an old gallery. */
export interface CompatibleSources {
  cross: EmbeddingSource
  fresh: EmbeddingSource
  old: EmbeddingSource
}

/** Both streams are read once, however often they are looked at. Throws bad data (65) for two spaces. */
export function compatibleSources(fresh: EmbeddingSource, old: EmbeddingSource): CompatibleSources {
  const [one, other] = [once(fresh), once(old)]
  return {
    fresh: one,
    old: other,
    cross: {
      ...one,
      async collect(columns) {
        const [now, then] = [await one.collect(columns), await other.collect(columns)]
        const modalities = Object.fromEntries(
          columns.modalities.map(name => [name, joined(name, [fresh, now], [old, then])]),
        )
        const others = Object.fromEntries(
          columns.others.map(name => {
            const values = [...now.others[name]!.values, ...then.others[name]!.values]
            return [name, { layout: 'other' as const, values }]
          }),
        )
        return { rows: now.rows + then.rows, modalities, others, border: now.rows }
      },
    },
  }
}

/** Remembers what was read; whoever asks gets an object of its own to change. */
function once(source: EmbeddingSource): EmbeddingSource {
  let read: Promise<Collected> | undefined
  return {
    ...source,
    async collect(columns) {
      const { rows, modalities, others } = await (read ??= source.collect(columns))
      return { rows, modalities: { ...modalities }, others }
    },
  }
}

type Read = [EmbeddingSource, Collected]

function joined(name: string, [fresh, now]: Read, [old, then]: Read): ModalityColumn {
  const [a, b] = [now.modalities[name]!, then.modalities[name]!]
  const shape = (column: ModalityColumn): string =>
    column.layout === 'category' ? column.layout : `${column.layout} of ${column.dim} numbers`
  if (shape(a) !== shape(b))
    throw badData(
      `${old.name}: column '${name}': found ${shape(b)}, expected ${shape(a)} as in ${fresh.name}`,
      'models that are compatible have one space: see xbt in pcm-methods(7)',
    )
  return behind(a, b)
}
