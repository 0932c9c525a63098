import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fixture, pcm, shell } from './program.js'

/** The first thing a newcomer runs, and whether the small world is neither too easy nor too hard. */
interface Direction {
  query: string[]
  gallery: string[]
  direction: string
  'r@1': number
}

const folder = t.testdir()

t.test('the main job runs from any folder and prints its two tables', async t => {
  const recipe = fixture('recipes/main-job.sh')
  const ended = await shell(`PCM_WORK=work sh "${recipe}"`, folder)
  t.equal(ended.status, 0, ended.stderr)
  const said = ended.stdout.toString('utf8')
  for (const words of ['photo', 'caption', 'sound', 'attr', 'class', 'r@1', 'top1'])
    t.match(said, words)
  for (const name of ['features', 'model', 'test'])
    t.ok(existsSync(join(folder, 'work', `${name}.arrows`)), `${name}.arrows is kept`)
})

t.test('trained heads find between 30 and 90 % at rank 1', async t => {
  const directions = await measure(join(folder, 'work/test.arrows'))
  t.equal(directions.length, 20, 'five modalities, all ordered pairs')
  const found = mean(directions.map(direction => direction['r@1']))
  t.ok(found >= 30 && found <= 90, `all directions: ${found}`)
  const instances = mean(directions.filter(isByItem).map(direction => direction['r@1']))
  t.ok(instances >= 30 && instances <= 90, `directions without the class: ${instances}`)
})

t.test('untrained heads stay under twice chance', async t => {
  const directions: Direction[] = []
  // One draw of heads may be lucky: twelve classes are few.
  for (const seed of ['0', '1', '2']) {
    const options = ['--epochs', '1', '--lr', '1e-12', '--seed', seed, '-o', 'untrained.arrows']
    const trained = await pcm('train', ['work/features.arrows', ...options], { cwd: folder })
    t.equal(trained.status, 0, trained.stderr)
    const args = ['--model', 'untrained.arrows', '--where', 'split=test', '-o', 'raw.arrows']
    const embedded = await pcm('embed', ['work/features.arrows', ...args], { cwd: folder })
    t.equal(embedded.status, 0, embedded.stderr)
    directions.push(...(await measure(join(folder, 'raw.arrows'))))
  }
  // Chance is one item of about 111 that have the modality, or one class of twelve.
  const found = mean(directions.filter(isByItem).map(direction => direction['r@1']))
  t.ok(found < 2 * (100 / 111), `directions without the class: ${found}`)
  const classes = mean(directions.filter(d => !isByItem(d)).map(direction => direction['r@1']))
  t.ok(classes < 2 * (100 / 12), `directions with the class: ${classes}`)
})

const measure = async (path: string): Promise<Direction[]> => {
  const ended = await pcm('eval', [path, '--format', 'json'])
  if (ended.status !== 0) throw new Error(ended.stderr)
  const lines = ended.stdout.toString('utf8').trimEnd().split('\n')
  return lines
    .map(line => JSON.parse(line) as Direction)
    .filter(record => record.direction !== 'mean')
}

const isByItem = ({ query, gallery }: Direction): boolean =>
  ![...query, ...gallery].includes('class')

const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
