import type { Recipe } from '../program.js'

/** Methods of several terms: what `pcm-train --recipe` sets, unless the command line says otherwise. */
export const RECIPES = {
  aai: {
    summary: 'alignment within and between modalities, and a fusion encoder',
    source: 'AAI (2023), reconstructed by TCL (Yang et al. 2022)',
    about: `Generalised pooling of tokens; the mean of contrast with momentum heads (itc), contrast within modalities (ims) and local information (lmim), and matching by a fusion encoder (itm) as strong as these three together. All weights are three times those of TCL, which makes no difference to AdamW. Its features have to be tokens. It needs many items: where they are few, plain pcmc with a pooling is better.`,
    options: {
      ...{ loss: 'itc', term: ['ims', 'lmim', '3*itm'], pooling: ['gpo'] },
      ...{ momentum: 0.995, queue: 8192 },
    },
  },
  cua: {
    summary: 'contrast with uniformity and alignment, against the gap between modalities',
    source: 'Fahim et al., arXiv 2405.18570',
    about: `All weights are 1. The paper fine-tunes CLIP so, at a fixed temperature of 0.01; heads that begin anew learn theirs.`,
    options: { loss: 'pcmc', term: ['uniformity', 'alignment'] },
  },
  cuaxu: {
    summary: 'the same, and uniformity across modalities',
    source: 'Fahim et al., arXiv 2405.18570',
    about: `See cua.`,
    options: { loss: 'pcmc', term: ['uniformity', 'alignment', 'cross-uniformity'] },
  },
  'm3-mix': {
    summary: 'contrast with all four geodesic mixtures',
    source: 'Geodesic multi-modal mixup (Oh et al. 2023)',
    about: `m2-, V-, L- and VL-Mix with the weights of the paper, of which that of VL-Mix is from 0.05 to 0.2.`,
    options: {
      loss: 'pcmc',
      term: [
        '0.01*mixup,beta=0.2',
        ...['first', 'second'].map(side => `0.05*mixup,kind=${side}`),
        '0.1*mixup,kind=both',
      ],
    },
  },
  'freeze-align': {
    summary: 'wide projectors with a linear way around, on frozen encoders',
    source: 'freeze-align (Maniparambil et al. 2024)',
    about: `The projectors of the paper. Choose the encoders by --cka of pcm-info(1).`,
    options: { loss: 'pcmc', head: ['lin+mlp'], dim: 1024, decay: 0.02 },
  },
} satisfies Record<string, Recipe>
