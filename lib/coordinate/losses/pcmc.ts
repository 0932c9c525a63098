import { infoNce } from './info-nce.js'
import { type Loss, meanOverPairs } from './loss.js'
import { term } from './term.js'

/** L_PCMC = sum_{m<n} w_mn InfoNCE(U_m, U_n; s_mn, Y) / sum_{m<n} w_mn (METHODS 1.2). */
export const pcmc =
  (smoothing = 0): Loss =>
  scene =>
    meanOverPairs(scene, pair =>
      infoNce(
        scene.units[pair.a]!,
        scene.units[pair.b]!,
        scene.scale(pair),
        scene.relation(pair),
        smoothing,
      ),
    )

export const pcmcTerm = term({
  summary: 'pairwise cross-modal contrastive: InfoNCE over all pairs of modalities',
  source: 'Sanchez and Laguna, arXiv 2401.16347; reconstruction',
  about: `The default, and hard to beat. It sees two modalities at a time, and that is its limit: what only three together tell, as with exclusive or, it cannot learn; see symile, which can.`,
  temperature: true,
  alone: true,
  options: {
    smoothing: {
      type: 'number',
      default: 0,
      min: 0,
      max: 0.99,
      short: 'share of each target that is spread over all rows (ALIGN, Jia et al. 2021)',
    },
  },
  loss: ({ smoothing }) => pcmc(smoothing),
})
