import { readFileSync } from 'node:fs'
import t from 'tap'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { measures, rank, type Measures } from '../../lib/retrieve/measures.js'
import { FAMILIES, metricsOf } from '../../lib/retrieve/metric.js'
import { tally } from '../../lib/retrieve/tally.js'
import type { TieRule } from '../../lib/retrieve/tie.js'
import { fixture } from '../programs/program.js'
import { vectors } from './vectors.js'

/** Made by test/crosscheck/metrics.py with pytrec_eval and scikit-learn. */
const [head, ...lines] = readFileSync(fixture('reference/metrics.csv'), 'utf8').trim().split('\n')
const columns = head!.split(',')

const K = 5
const gains = {
  linear: metricsOf(FAMILIES, [1, K]),
  exponential: metricsOf(['ndcg@k'], [K], 'exponential'),
}

const threes = (digits: string): number[][] =>
  (digits.match(/.../g) ?? []).map(three => [...three].map(digit => Number(digit) - 2))

const measured = async (line: Record<string, string>, metrics: typeof gains.linear) => {
  const grades = [...line['grades']!].map(Number)
  const relevant = Int32Array.from(grades.flatMap((grade, entry) => (grade > 0 ? [entry] : [])))
  const ties = line['rule'] as TieRule
  const tallies = tally({
    queries: vectors(threes(line['query']!), 3),
    gallery: vectors(threes(line['gallery']!), 3),
    relevant: { of: () => relevant },
    graded: { grade: (_, entry) => grades[entry]!, ties },
    similarity: exactSimilarity(),
  })
  const found = measures(await rank(tallies, 1, { ties, metrics }))
  return { found, relevant: relevant.length }
}

/** The peers' figures by the names that they have here; their map@k is divided by all relevant. */
const expected = (line: Record<string, string>, relevant: number): Measures => {
  const of = (name: string) => Number(line[name])
  return {
    'r@1': 100 * of('success_1'),
    'r@5': 100 * of('success_5'),
    'recall@5': 100 * of('recall_5'),
    'p@5': 100 * of('P_5'),
    'map@5': (of('map_cut_5') * relevant) / Math.min(relevant, K),
    mrr: of('recip_rank'),
    rprec: 100 * of('Rprec'),
  }
}

t.test('metrics are those of pytrec_eval and scikit-learn, in 3000 random cases', async t => {
  let worst = 0
  const compare = (name: string, found: number | null | undefined, wanted: number) => {
    const off = Math.abs(found! - wanted) / Math.max(1, Math.abs(wanted))
    if (!(off < 1e-6)) t.fail(`${name}: ${found}, expected ${wanted}`)
    worst = Math.max(worst, off)
  }
  for (const text of lines) {
    const cells = text.split(',')
    const line = Object.fromEntries(columns.map((name, i) => [name, cells[i]!]))
    const { found, relevant } = await measured(line, gains.linear)
    for (const [name, value] of Object.entries(expected(line, relevant)))
      compare(name, found[name], value!)
    for (const peer of ['map', 'sk_ap']) compare(peer, found['map'], Number(line[peer]))
    for (const peer of ['ndcg_cut_5', 'sk_ndcg_5'])
      compare(peer, found['ndcg@5'], Number(line[peer]))
    const exponential = await measured(line, gains.exponential)
    compare('2^grade - 1', exponential.found['ndcg@5'], Number(line['sk_ndcg_exponential_5']))
  }
  t.equal(lines.length, 3000)
  t.ok(worst < 1e-6, `largest difference ${worst}`)
})
