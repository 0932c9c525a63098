import { infoNce } from './info-nce.js'
import { type Loss, type LossSpec, meanOverPairs } from './loss.js'

export const pcmcSpec: LossSpec = {
  summary: 'pairwise cross-modal contrastive: InfoNCE over all pairs of modalities',
  source: 'Sanchez and Laguna, arXiv 2401.16347; reconstruction, METHODS 1.2',
  temperature: true,
}

/** L_PCMC = sum_{m<n} w_mn InfoNCE(U_m, U_n; s_mn, Y) / sum_{m<n} w_mn (METHODS 1.2). */
export const pcmc: Loss = scene =>
  meanOverPairs(scene, pair =>
    infoNce(scene.units[pair.a]!, scene.units[pair.b]!, scene.scale(pair), scene.relation(pair)),
  )
