import t from 'tap'
import type { Reading } from '../../lib/charts/reading.js'
import { subsetsChart } from '../../lib/charts/subsets.js'

const run = (series: string, values: Record<string, number>): Reading[] =>
  Object.entries(values).map(([direction, value]) => {
    const [query, gallery] = direction.split('>') as [string, string]
    return {
      series,
      direction,
      query: query.split('+'),
      gallery: gallery.split('+'),
      queries: 10,
      pool: 10,
      values: { 'r@1': value },
      intervals: {},
      positives: 1,
    }
  })

t.test('a model is the mean over its ordered pairs of single modalities', async t => {
  const { rows } = subsetsChart(
    [
      run('pcmc', { 'a>b': 10, 'b>a': 20, 'a>a': 100, 'a+b>c': 100 }),
      run('pcmc', { 'a>b': 10, 'b>a': 20, 'a>c': 30, 'c>a': 40, 'b>c': 50, 'c>b': 60 }),
      run('pcmr', { 'b>a': 0, 'a>b': 8 }),
      run('pcmr', { 'b>a': 2, 'a>b': 10 }),
      run('pcmr', {}),
    ],
    { metric: 'r@1', size: 300 },
  )
  t.match(rows, [
    { system: 'pcmc', modalities: 'a+b', size: 2, 'r@1': 15, runs: 1 },
    { system: 'pcmc', modalities: 'a+b+c', size: 3, 'r@1': 35 },
    { system: 'pcmr', modalities: 'a+b', size: 2, 'r@1': 5, runs: 2 },
  ])
  t.ok(Math.abs((rows[0]!['chance'] as number) - 10) < 1e-9, 'one of ten')
})
