import { badUsage } from '../../error.js'
import type { Correction, CorrectionSettings } from './correct.js'

export interface CorrectionOptions {
  correction?: Correction
  bank?: string
  against?: string
  transductive: boolean
  beta: readonly number[]
  rate: readonly number[]
  poolRate: number
}

/** CSLS looks at so many neighbours (Conneau et al. 2018). */
const NEIGHBOURS = 10

/** What the options ask for, checked (64). */
export const correctionSettings = (options: CorrectionOptions): CorrectionSettings | undefined => {
  const { correction, bank, transductive, beta, rate, poolRate } = options
  if (!correction) {
    if (bank === undefined && !transductive) return undefined
    throw badUsage('a bank corrects nothing by itself', 'say how: --correction csls, for one')
  }
  if (bank === undefined && !transductive)
    throw badUsage(
      `--correction ${correction} needs a bank`,
      'give --bank FILE; or --transductive, which takes the test itself',
    )
  if (bank !== undefined && options.against !== undefined)
    throw badUsage('--bank and --against: a bank is of one system, not of two')
  if (beta.length > 2 || rate.length > 2)
    throw badUsage('--beta and --rate hold at most two numbers: one for each side of the bank')
  const dual = correction.startsWith('dual')
  const betas = beta.length ? beta : dual ? [1 / 1.99, 3] : [20]
  const rates = rate.length ? rate : [1]
  return {
    correction,
    beta: [betas[0]!, betas.at(-1)!],
    rate: [rates[0]!, rates.at(-1)!],
    neighbours: NEIGHBOURS,
    poolRate,
  }
}

/** The protocol's `bank`: what was used, and no more. */
export const correctionProtocol = (
  { correction, beta, rate, neighbours, poolRate }: CorrectionSettings,
  { bank, transductive }: CorrectionOptions,
): Record<string, unknown> => ({
  ...(bank !== undefined && { file: bank }),
  correction,
  transductive,
  ...(/^dual/.test(correction) && { beta }),
  ...(/^d?is$/.test(correction) && { beta: beta[0] }),
  ...(correction === 'csls' && { neighbours }),
  ...(/^(invgc|localadj)$/.test(correction) && { rate }),
  ...(correction === 'localadj' && { pool_rate: poolRate }),
})
