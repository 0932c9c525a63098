import { csv, csvLine } from '../../retrieve/report/csv.js'
import { openSink } from '../../stream/sink.js'
import type { Zeroshot } from '../zeroshot.js'

export const CONFUSION_FORMS = ['list', 'matrix', 'json'] as const
export type ConfusionForm = (typeof CONFUSION_FORMS)[number]

interface Entry extends Record<string, string | number> {
  modality: string
  label: string
  predicted: string
  count: number
}

/**
 * Writes who was taken for whom. `list`: CSV with modality, label, predicted, count, no line for a
 * count of 0; `json`: the same as JSON Lines; `matrix`: CSV with a line for each modality and label
 * and a column for each class, all of them, in the order of the prototypes.
 */
export const writeConfusion = async (
  path: string,
  form: ConfusionForm,
  work: Zeroshot,
): Promise<void> => {
  const sink = await openSink(path, { binary: false })
  await sink.write(Buffer.from(WRITE[form](entriesOf(work), work)))
  await sink.finish()
}

const entriesOf = ({ meters, space }: Zeroshot): Entry[] => {
  const { names } = space.prototypes
  return [...meters].flatMap(([modality, { accuracy }]) =>
    accuracy.confusion().map(({ label, predicted, count }) => ({
      modality,
      label: names[label]!,
      predicted: names[predicted]!,
      count,
    })),
  )
}

const WRITE: Record<ConfusionForm, (entries: readonly Entry[], work: Zeroshot) => string> = {
  list: entries => csv(['modality', 'label', 'predicted', 'count'], entries),
  json: entries => entries.map(entry => `${JSON.stringify(entry)}\n`).join(''),
  matrix(entries, { meters, space }) {
    const { names } = space.prototypes
    const key = (...parts: string[]) => parts.join('\0')
    const counts = new Map(
      entries.map(({ modality, label, predicted, count }) => [
        key(modality, label, predicted),
        count,
      ]),
    )
    const lines = [...meters.keys()].flatMap(modality =>
      names.map(label => [
        modality,
        label,
        ...names.map(predicted => counts.get(key(modality, label, predicted)) ?? 0),
      ]),
    )
    return [['modality', 'label', ...names], ...lines].map(csvLine).join('')
  },
}
