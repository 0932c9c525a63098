import { formatMetric } from '../../charts/metric-axis.js'
import { escapeXml } from '../../html/escape.js'
import type { DirectionTask } from '../direction-task.js'
import type { MetricRecord } from '../report/record.js'
import { card, type Deck } from './card.js'
import type { Example, Found } from './choose.js'

/** The examples of one direction as HTML, without their heading. */
export const exampleCards = (
  task: DirectionTask,
  examples: readonly Example[],
  deck: Deck,
): Promise<string[]> => Promise.all(examples.map(example => article(task, example, deck)))

/** A direction's heading, what it scores over all its queries, and its examples. */
export const section = (
  direction: string,
  record: MetricRecord | undefined,
  examples: readonly string[],
): string => {
  const scores = Object.entries(record ?? {}).filter(([key]) => /^r@\d+$/.test(key))
  const all = scores.map(([key, value]) => `${key} ${formatMetric(key, value)} %`).join(', ')
  return `<section><h2>${escapeXml(direction)}</h2>
<p class="note">${examples.length} of ${record?.['queries'] ?? 0} queries, drawn at random. Over all of them: ${escapeXml(all || 'no r@k')}.</p>
${examples.join('\n')}</section>`
}

const article = async (task: DirectionTask, example: Example, deck: Deck): Promise<string> => {
  const { direction, query, gallery } = task
  const answer = async (found: Found) =>
    `<li class="card${found.right ? ' right' : ''}"><p class="rank">${found.rank}${found.right ? ' <b>✓ right</b>' : ''} <small>${found.score.toFixed(3)}</small></p>${await card(deck, direction.gallery, gallery, found.entry)}</li>`
  const first = await Promise.all(example.first.map(answer))
  const missed = example.right && [
    '<li class="gap" aria-hidden="true">…</li>',
    await answer(example.right),
  ]
  const best = example.right ?? example.first.find(({ right }) => right)!
  return `<article class="example"><div class="card query"><p class="rank">query</p>${await card(deck, direction.query, query, example.query)}</div>
<ol aria-label="answers, the best right one at rank ${best.rank}">${[...first, ...(missed ?? [])].join('\n')}</ol></article>`
}

export const EXAMPLE_STYLE = `
.example { display: grid; grid-template-columns: 12rem 1fr; gap: 0.8rem; border-top: 1px solid var(--line); padding: 0.8rem 0; }
.example ol { list-style: none; display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 0; padding: 0; align-items: stretch; }
.card { border: 1px solid var(--line); border-radius: 4px; padding: 0.4rem 0.6rem; width: 10.5rem; font-size: 0.85rem; overflow-wrap: anywhere; }
.card.query { background: var(--shade); width: auto; align-self: start; }
.card.right { border: 3px solid var(--good); }
.card.right b { color: var(--good); }
.card p { margin: 0.2rem 0; }
.card img { display: block; min-width: 4.5rem; max-width: 100%; height: auto; background: #fff; border-radius: 2px; }
.card audio { width: 100%; height: 2.2rem; }
.card .id { color: var(--soft); font-size: 0.75rem; }
.rank { font-size: 0.8rem; }
.gap { align-self: center; color: var(--soft); }
@media (max-width: 40rem) { .example { grid-template-columns: 1fr; } .card { width: calc(50% - 0.3rem); } .card.query { width: auto; } .gap { width: 100%; text-align: center; line-height: 0.6; } }
`
