import { ScoreMemory } from '../../lib/retrieve/count/score-memory.js'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import type { Similarity } from '../../lib/retrieve/similarity.js'

/**
 * Scores off by nearly as much as the bound allows, in the worst pattern for counting: what is above
 * goes down and what is below goes up, by turns.
 */
export const worstSimilarity = (slack: number): Similarity => {
  const exact = exactSimilarity()
  return {
    ...exact,
    slack: () => slack,
    async *scores(...given) {
      for await (const block of exact.scores(...given))
        yield { ...block, scores: block.scores.map((s, i) => s + 0.999 * (i % 2 ? slack : -slack)) }
    },
  }
}

/** The same scores rounded to float32, in the memory of the kernel that counts them. */
export const inKernel = (similarity: Similarity): Similarity => ({
  ...similarity,
  async *scores(...given) {
    for await (const block of similarity.scores(...given)) {
      const memory = new ScoreMemory(similarity.queriesPerBlock, block.stride)
      memory.scores.set(block.scores)
      yield { ...block, scores: memory.scores, count: marks => memory.count(block, marks) }
    }
  },
})
