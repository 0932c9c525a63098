import { readFile, symlink, writeFile, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findChromium, visit } from '../html/browser.js'
import { writeEmbeddings } from '../retrieve/embedding-stream.js'
import { others, vectorColumn, viewsColumn } from '../retrieve/vectors.js'
import { faultOf, fixture, pcm } from './program.js'

/** Pages of pcm-eval, in a browser where there is one. */
const folder = t.testdir()
const file = (name: string) => join(folder, name)
const HOSTILE = `<script>alert(1)</script><img src=http://example.org/x onerror=alert(2)>"'&`
const ids = Array.from({ length: 12 }, (_, i) => (i === 0 ? HOSTILE : `t${i}`))
const turned = (i: number, by = 0) => [Math.cos(i / 2 + by), Math.sin(i / 2 + by)]

const embeddings = async (name: string, by: number) =>
  writeEmbeddings(file(name), {
    photo: vectorColumn(
      ids.map((_, i) => turned(i)),
      2,
    ),
    caption: viewsColumn(
      ids.map((_, i) => [turned(i, by), turned(i, -3 * by)]),
      2,
    ),
    sound: vectorColumn(
      ids.map((_, i) => (i === 2 ? undefined : turned(i, 2 * by))),
      2,
    ),
    ...others({
      id: ids,
      label: ids.map((_, i) => `class ${i % 3}`),
      picture: ids.map(() => 'media/a.png'),
      wav: ids.map((_, i) => (i === 2 ? null : 'media/a.wav')),
      first: ids.map((_, i) => (i === 0 ? HOSTILE : `first text of ${i}`)),
      second: ids.map((_, i) => `second text of ${i}`),
      outside: ids.map(() => '../outside.png'),
      linked: ids.map(() => 'media/link.png'),
      absent: ids.map(() => 'media/none.png'),
      text: ids.map(() => 'media/a.txt'),
    }),
  })

t.before(async () => {
  await mkdir(file('base/media'), { recursive: true })
  await copyFile(fixture('broken/inputs/picture.png'), file('base/media/a.png'))
  await copyFile(fixture('broken/inputs/picture.png'), file('outside.png'))
  await copyFile(fixture('broken/inputs/sound.wav'), file('base/media/a.wav'))
  await writeFile(file('base/media/a.txt'), 'no picture')
  await symlink(file('outside.png'), file('base/media/link.png'))
  await embeddings('one.arrows', 0.1)
  await embeddings('other.arrows', 0.4)
})

const SHOWS = ['photo=image:picture', 'caption=text:first+second', 'sound=audio:wav'].flatMap(
  show => ['--show', show],
)
const make = (...args: string[]) =>
  pcm('eval', [file('one.arrows'), '--base', file('base'), ...args])

t.test('a report holds tables, intervals, figures, protocol and provenance', async t => {
  const asked = ['--bootstrap', '100', '--against', file('other.arrows'), '--geometry']
  const more = ['--hubness', '3', '--by', 'label', '--metrics', 'r@k,map,rsum']
  const made = await make('--report', file('report.html'), ...asked, ...more, '--format', 'json')
  t.equal(made.status, 0, made.stderr)
  const html = await readFile(file('report.html'), 'utf8')
  for (const title of ['Figures', 'Results', 'Lead over other', 'By group', 'Pairs', 'Hubness'])
    t.match(html, `<h2>${title}</h2>`)
  for (const title of ['Geometry', 'Protocol', 'Provenance', 'Records'])
    t.match(html, `<h2>${title}</h2>`)
  t.match(html, /<pre>pcm-eval [^]*--bootstrap 100/, 'the exact command')
  const [record] = made.stdout
    .toString()
    .split('\n')
    .map(line => line && JSON.parse(line))
  const { difference, ci, p } = record.against['r@1']
  const [low, high] = record.ci['r@1']
  const tenth = (x: number) => x.toFixed(1)
  t.match(html, `<td>${tenth(record['r@1'])} <small>${tenth(low)} to ${tenth(high)}</small></td>`)
  t.match(html, `<td>${tenth(record['r@1'] - difference)}</td>`, 'the other system beside it')
  const lead = `${difference > 0 ? '+' : ''}${tenth(difference)}`
  t.match(html, `${lead} <small>${tenth(ci[0])} to ${tenth(ci[1])}, p ${p.toFixed(3)}</small>`)
  t.match(html, `<td>${record.geometry.gap.toFixed(3)}</td>`)
  t.match(html, /<svg [^>]*role="img"/)
  t.notMatch(html, /undefined|NaN|\[object/)
})

t.test('a page of examples marks what is right', async t => {
  const directions = ['photo>caption', 'photo+sound>caption', 'caption>photo+sound', 'photo>photo']
  const made = await make(
    ...['--examples', file('examples.html'), ...SHOWS, '--example-depth', '2'],
    ...['--example-count', '12', '--positives', 'label'],
    ...directions.flatMap(direction => ['--direction', direction]),
  )
  t.equal(made.status, 0, made.stderr)
  const html = await readFile(file('examples.html'), 'utf8')
  for (const direction of directions) t.match(html, direction.replaceAll('>', '&gt;'))
  const articles = html.split('<article').slice(1)
  t.equal(articles.length, 4 * 12, 'twelve a direction')
  for (const article of articles) t.match(article, '✓ right', 'every query shows a right answer')
  t.match(html, 'first text of 5')
  t.match(html, 'second text of 5')
  t.match(html, 'src="data:image/webp;base64,')
  t.match(html, 'src="data:audio/wav;base64,')
})

t.test('same input, options and seed: same pages', async t => {
  const pages = async (seed: string) => {
    const names = [file('again.html'), file('examples-again.html')] as const
    await make(
      ...['--report', names[0], '--examples', names[1], '--example-count', '3', ...SHOWS],
      ...['--no-pg', '--seed', seed, '--direction', 'photo>caption'],
    )
    return Promise.all(names.map(name => readFile(name, 'utf8')))
  }
  const once = await pages('0')
  t.strictSame(await pages('0'), once)
  t.not((await pages('1'))[1], once[1], 'other queries are drawn')
})

t.test('files are read below --base only, and what cannot be shown is refused', async t => {
  const refused: [string[], number, RegExp][] = [
    [['photo=image:outside'], 65, /column 'outside': row \d+: \.\.\/outside\.png: lies outside/],
    [['photo=image:linked'], 65, /link\.png: lies outside/],
    [['photo=image:absent'], 66, /none\.png: no such file/],
    [['photo=image:text'], 65, /a\.txt: cannot be read as a picture/],
    [['photo=audio:picture'], 65, /a\.png: expected a sound, \.wav/],
    [['photo=image:nothing'], 65, /no column 'nothing'/],
    [['voice=text:first'], 65, /--show voice: there are no such embeddings/],
    [['photo=picture'], 64, /--show photo=picture: expected MODALITY=KIND:COLUMN/],
    [['photo=video:picture'], 64, /KIND being image, audio or text/],
    [['photo=text:first', 'photo=text:second'], 64, /is given twice/],
  ]
  for (const [shows, status, message] of refused) {
    const page = file('refused.html')
    const ended = await make('--examples', page, ...shows.flatMap(show => ['--show', show]))
    t.equal(ended.status, status, `${shows}: ${ended.stderr}`)
    t.match(ended.stderr, message)
    t.equal(faultOf('eval', ended.stderr), '')
    await t.rejects(readFile(page), { code: 'ENOENT' }, 'no page is left behind')
  }
  const alone = await make('--show', 'photo=text:first')
  t.equal(alone.status, 64, 'a way to show things needs a page')
})

const chromium = await findChromium()
t.test('a browser opens them', { skip: chromium ? false : 'not run: no chromium' }, async t => {
  for (const name of ['report.html', 'examples.html'])
    await visit(chromium!, file(name), async page => {
      t.strictSame(page.complaints, [], `${name}: nothing on the console`)
      t.strictSame(page.requests, [], `${name}: no request to any host`)
      const pictures = '[...document.images].every(image => image.complete && image.naturalWidth)'
      t.equal(await page.evaluate(pictures), true, `${name}: every picture is shown`)
      const wide = 'document.documentElement.scrollWidth <= innerWidth'
      t.equal(await page.evaluate(wide, 360), true, `${name}: fits a small screen`)
      t.equal(await page.evaluate('document.scripts.length'), 0, `${name}: no script`)
      const scripted = '[...document.querySelectorAll("*")].some(e => e.hasAttribute("onerror"))'
      t.equal(await page.evaluate(scripted), false, `${name}: texts stay texts`)
      const text = await page.evaluate('document.body.textContent')
      t.ok(String(text).includes(name === 'report.html' ? 'photo>caption' : HOSTILE), 'as it is')
    })
})
