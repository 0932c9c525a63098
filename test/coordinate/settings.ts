import { type HeadKind, HEADS } from '../../lib/coordinate/heads/index.js'
import { embeddingHead } from '../../lib/coordinate/heads/embedding.js'
import { type Layout, layoutOf, type ModalityHead } from '../../lib/coordinate/layout.js'
import { parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import type { TrainSettings } from '../../lib/coordinate/settings.js'

/** Settings of a small training; whatever a test is about it says itself. */
export const settingsOf = (own: Partial<TrainSettings>): TrainSettings => ({
  terms: [parseLoss('pcmc')],
  temperature: 'shared',
  scale: 1 / 0.07,
  dim: 4,
  head: () => ({ kind: 'linear', hidden: 6, dropout: 0 }),
  pairs: [{ a: 'photo', b: 'text', weight: 1 }],
  frozen: new Set(),
  epochs: 4,
  batch: 8,
  together: 1,
  rate: 1e-2,
  decay: 1e-2,
  clip: 1,
  warmup: 0.05,
  patience: 0,
  momentum: 0.995,
  queue: 8192,
  seed: 0,
  ...own,
})

/** A head by its kind, small. */
export const smallHead = (
  name: string,
  kind: HeadKind | 'embedding',
  { input = kind === 'identity' ? 4 : 3, hidden = 5, output = 4, dropout = 0, frozen = false } = {},
): ModalityHead => ({
  name,
  head: kind === 'embedding' ? embeddingHead : HEADS[kind],
  size: { input, hidden, output },
  dropout,
  frozen,
})

export const layoutOfKinds = (kinds: Record<string, HeadKind | 'embedding'>): Layout =>
  layoutOf(Object.entries(kinds).map(([name, kind]) => smallHead(name, kind)))
