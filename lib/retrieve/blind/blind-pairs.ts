import { marksOf } from '../count/marks.js'
import { countByLoop } from '../count/count-by-loop.js'
import { dot } from '../dot.js'
import { uniform, type Similarity } from '../similarity.js'
import { largestNorm, type Vectors } from '../vectors.js'

/** Two items, by their indices, that one modality calls the same and another different. */
export interface BlindPair {
  one: number
  other: number
  /** Cosines in the modality that is blind, and in the one that sees. */
  alike: number
  different: number
}

export interface BlindTask {
  /** Unit vectors of the same items in both modalities. */
  blind: Vectors
  seeing: Vectors
  /** Pairs have a cosine above `alike` in the one, and below `different` in the other. */
  alike: number
  different: number
  /** How many to keep: those that the modalities disagree on most. */
  most: number
  similarity: Similarity
}

/**
 * Finds blind pairs, exactly, in blocks of scores: memory grows with the items and with `most`, not
 * with the pairs (Tong et al. 2024, "Eyes Wide Shut", mine CLIP-blind pairs so, with .95 and .6).
 */
export const blindPairs = async (
  task: BlindTask,
): Promise<{ pairs: BlindPair[]; found: number }> => {
  const { blind, seeing, alike, different, most, similarity } = task
  const slack = similarity.slack(blind.dim, largestNorm(blind))
  let kept: BlindPair[] = []
  let found = 0
  for (let first = 0; first < blind.count; first += similarity.queriesPerBlock) {
    const count = Math.min(similarity.queriesPerBlock, blind.count - first)
    const rows = Array.from({ length: count }, (_, row) => ({ row, score: alike }))
    const marks = marksOf(rows, uniform(slack))
    for await (const block of similarity.scores(blind, first, count, blind)) {
      if (block.count) block.count(marks)
      else countByLoop(block, marks)
      for (let q = 0; q < count; q++) {
        if (marks.reaching[q] === 0) continue
        const one = first + q
        for (let e = Math.max(0, one + 1 - block.firstEntry); e < block.entries; e++) {
          if (block.scores[q * block.stride + e]! < alike - slack) continue
          const pair = pairOf(task, one, block.firstEntry + e)
          if (!(pair.alike > alike && pair.different < different)) continue
          found++
          kept.push(pair)
          if (kept.length >= 2 * most) kept = strongest(kept, most)
        }
      }
    }
  }
  return { pairs: strongest(kept, most), found }

  function pairOf({ blind: { values, dim } }: BlindTask, one: number, other: number): BlindPair {
    return {
      one,
      other,
      alike: dot(values, one, values, other, dim),
      different: dot(seeing.values, one, seeing.values, other, seeing.dim),
    }
  }
}

/** Those that differ most, in a fixed order. */
const strongest = (pairs: readonly BlindPair[], most: number): BlindPair[] =>
  pairs
    .toSorted(
      (a, b) =>
        b.alike - b.different - (a.alike - a.different) || a.one - b.one || a.other - b.other,
    )
    .slice(0, most)
