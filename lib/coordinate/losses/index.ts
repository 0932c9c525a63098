import type { Loss, LossSpec } from './loss.js'
import { pcmc, pcmcSpec } from './pcmc.js'
import { pcmr, type PcmrForm, pcmrSpec } from './pcmr.js'

/** Losses by the name that `--loss` takes. */
export const LOSSES = { pcmc: pcmcSpec, pcmr: pcmrSpec } satisfies Record<string, LossSpec>

export type LossName = keyof typeof LOSSES

export const lossOf = (name: LossName, options: { pcmr: PcmrForm }): Loss =>
  name === 'pcmc' ? pcmc : pcmr(options.pcmr)
