import type { FormName } from '../../method-names.js'

/** What people are told of a closed form, and its numbers with their defaults. */
export interface Form {
  summary: string
  source: string
  about: string
  options: Partial<Record<FormOption, { default: number; short: string }>>
}

export type FormOption = 'ridge' | 'power'
export type { FormName }

/** Of standardised features a ridge of a hundredth of their variance. */
const RIDGE = { default: 0.01, short: 'share of the mean variance that is added to every variance' }

/** Training-free heads: `--closed-form NAME`. */
export const FORMS: Record<FormName, Form> = {
  cca: {
    summary: 'canonical correlation analysis of any number of modalities (MAXVAR)',
    source: 'Hotelling 1936; Kettenring 1971; scaled as Gong et al. 2014',
    about:
      'Finds the directions in which modalities correlate, over all pairs. Where items are few and features wide, or a modality is a few numbers, it is hard to beat.',
    options: {
      ridge: RIDGE,
      power: { default: 2, short: 'what a direction shares is raised to this, and scales it' },
    },
  },
  ridge: {
    summary: 'every modality regressed on the first side of the first pair',
    source: 'Hoerl and Kennard 1970; a linear map between embedding spaces as in SITTA (2023)',
    about:
      'For a space that is to stay as it is, such as that of a text encoder: that modality keeps its cosines (all of them where --dim is at least its width, else those of its first principal components), and the others are mapped into it by least squares.',
    options: { ridge: RIDGE },
  },
  procrustes: {
    summary: 'every modality rotated to the first side of the first pair',
    source: 'Schönemann 1966; between latent spaces: Maiorca et al. 2023',
    about:
      'No modality is stretched, so that cosines within each stay as they are: for encoders whose spaces are alike but for a rotation. Narrower modalities are filled up with zeros; of wider ones than --dim the first principal components are rotated.',
    options: {},
  },
  relative: {
    summary: 'similarities to anchors, items that all modalities have',
    source: 'relative representations (Moschella et al. 2023); ASIF (Norelli et al. 2023)',
    about:
      'Nothing is fitted: --dim items are drawn by --seed, and an embedding says how alike it is to each of them in its own modality. It helps where modalities see the same items as alike.',
    options: {},
  },
}
