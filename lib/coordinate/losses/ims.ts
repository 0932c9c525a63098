import { presenceOf } from './cross-entropy.js'
import { groupsOf, matchCandidates } from './itc.js'
import { firstPairOf, meanOverModalities } from './loss.js'
import { term } from './term.js'

export const imsTerm = term({
  summary: 'contrast within each modality, with a second view of each item',
  source: 'TCL (Yang et al. 2022), AAI (2023)',
  about: `The heads' view of an item should be near the momentum heads' view of its augmented features, and far from those of others in the batch and the queue: intra-modal separation. Without an augmentation the two views are almost one, and the term only drives items apart. Features are augmented by noise, by dropping features and by dropping tokens; a category has one view only. For search within a modality, where --positives names what is alike: on Mfeat, told the digit, mean average precision by digit rises in all of four modalities and three seeds, by 0.03 on average; told nothing but the item it falls by 0.05, since items of one digit are driven apart. Reconstruction of AAI, by the losses of TCL.`,
  temperature: true,
  alone: false,
  memory: true,
  modalities: true,
  options: {
    noise: {
      type: 'number',
      default: 0.05,
      min: 0,
      max: 10,
      short: 'deviation of the noise, in deviations of the feature',
    },
    features: { type: 'number', default: 0, min: 0, max: 0.95, short: 'share of features dropped' },
    tokens: {
      type: 'number',
      default: 0.2,
      min: 0,
      max: 1,
      short: 'largest share of the tokens dropped',
    },
  },
  check: ({ noise, features, tokens }) =>
    noise + features + tokens > 0
      ? undefined
      : 'without noise, features or tokens both views of an item are one',
  augmentation: ({ noise, features, tokens }) => ({ noise, features, tokens }),
  loss: () => scene =>
    meanOverModalities(scene, modality => {
      const pair = firstPairOf(scene, modality)
      const u = scene.units[modality]!
      const there = presenceOf({ present: scene.present(modality) }, u.shape[0])
      const groups = groupsOf(scene, pair)
      const candidates = { ...scene.memory!.candidates(modality), groups: groups.all }
      return matchCandidates(u, groups.batch, there, candidates, scene.scale(pair))
    }),
})
