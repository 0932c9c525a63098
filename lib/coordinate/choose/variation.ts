import { type ClosedForm } from '../closed-form/model.js'
import type { StartKind } from '../closed-form/start.js'
import { HEADS, type HeadKind } from '../heads/index.js'
import type { Training } from '../train-model.js'

/** Options that differ from those that were given. */
export interface Variation {
  closedForm?: ClosedForm
  start?: StartKind
  whiten?: number
  dropout?: number
  decay?: number
  head?: HeadKind
  dim?: number
}

/** As options of a command line; nothing where nothing differs. */
export const textOf = ({ closedForm, ...others }: Variation): string =>
  closedForm
    ? `--closed-form ${closedForm.name}`
    : Object.entries(others)
        .map(([name, value]) => `--${name} ${value}`)
        .join(' ')

/** Whether such a training can be: not every head takes every start, or whitened features. */
export function isPossible({ start, whiten, head }: Variation, training: Training): boolean {
  const heads = Object.keys(training.data.modalities).map(
    name => HEADS[head ?? training.settings.head(name).kind],
  )
  if (start !== undefined && !heads.every(({ first }) => first?.embeds)) return false
  return whiten === undefined || heads.every(({ first }) => first)
}

/** The same training with other options. */
export function varied(training: Training, variation: Variation): Training {
  const { closedForm, start, whiten, dropout, decay, head, dim } = variation
  const { settings, task } = training
  const width = (dim ?? settings.dim) / settings.dim
  return {
    ...training,
    settings: {
      ...settings,
      dim: dim ?? settings.dim,
      decay: decay ?? settings.decay,
      head: name => {
        const own = settings.head(name)
        return {
          ...own,
          kind: head ?? own.kind,
          dropout: dropout ?? own.dropout,
          hidden: Math.round(own.hidden * width),
        }
      },
    },
    task: {
      ...task,
      ...(closedForm && { closedForm }),
      start: start ?? task.start,
      whiten: whiten ?? task.whiten,
    },
  }
}
