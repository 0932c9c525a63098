export const TIE_RULES = ['pessimistic', 'optimistic', 'mean'] as const

/** Where a relevant entry stands among non-relevant ones with the same score (METHODS 4.8). */
export type TieRule = (typeof TIE_RULES)[number]

/** How many of `equal` level entries the rule puts in front. */
export const tiesInFront = (rule: TieRule, equal: number): number => {
  if (rule === 'pessimistic') return equal
  return rule === 'optimistic' ? 0 : equal / 2
}
