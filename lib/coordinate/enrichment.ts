import { badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'

/** `--enrich NAME=A[:WEIGHT]+B[:WEIGHT]...`: an embedding column made of others. */
export interface Enrichment {
  name: string
  parts: { modality: string; weight: number }[]
}

/** Reads one value of --enrich; throws usage (64) where it cannot be meant. */
export function parseEnrichment(text: string, known: readonly ModalityField[]): Enrichment {
  const wrong = (what: string): Error =>
    badUsage(`--enrich ${text}: ${what}`, 'expected NAME=A[:WEIGHT]+B[:WEIGHT]...')
  const at = text.indexOf('=')
  const name = text.slice(0, at)
  if (at < 1) throw wrong('no name before =')
  if (known.some(field => field.name === name)) throw wrong(`'${name}' is a modality already`)
  const parts = text
    .slice(at + 1)
    .split('+')
    .map(part => parsePart(part, known, wrong))
  if (parts.length < 2) throw wrong('an enriched embedding needs two modalities')
  if (new Set(parts.map(p => p.modality)).size < parts.length)
    throw wrong('a modality is named twice')
  return { name, parts }
}

function parsePart(
  part: string,
  known: readonly ModalityField[],
  wrong: (what: string) => Error,
): Enrichment['parts'][number] {
  const whole = known.find(({ name }) => name === part)
  if (whole) return { modality: part, weight: 1 }
  const at = part.lastIndexOf(':')
  const modality = at < 0 ? part : part.slice(0, at)
  if (!known.some(({ name }) => name === modality))
    throw wrong(
      `no embeddings of '${modality}', there are ${known.map(({ name }) => name).join(', ')}`,
    )
  const weight = Number(part.slice(at + 1))
  if (!(weight > 0 && Number.isFinite(weight)))
    throw wrong(`weight '${part.slice(at + 1)}' is no number above 0`)
  return { modality, weight }
}
