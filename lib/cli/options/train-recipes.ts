import type { Recipe } from '../program.js'

/** Methods of several terms: what `pcm-train --recipe` sets, unless the command line says otherwise. */
export const RECIPES = {
  aai: {
    summary: 'alignment within and between modalities, and a fusion encoder',
    source: 'AAI (2023), reconstructed by TCL (Yang et al. 2022)',
    about: `Generalised pooling of tokens; the mean of contrast with momentum heads (itc), contrast within modalities (ims) and local information (lmim), and matching by a fusion encoder (itm) as strong as these three together. All weights are three times those of the paper, which makes no difference to AdamW. Its features have to be tokens. It needs many items: where they are few, plain pcmc with a pooling is better.`,
    options: { loss: 'itc', term: ['ims', 'lmim', '3*itm'], pooling: ['gpo'] },
  },
} satisfies Record<string, Recipe>
