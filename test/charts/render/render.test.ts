import sharp from 'sharp'
import t from 'tap'
import { specification, type Chart } from '../../../lib/charts/chart.js'
import { needsSystemFonts, png } from '../../../lib/charts/render/png.js'
import { svg } from '../../../lib/charts/render/svg.js'
import { widthOf } from '../../../lib/charts/render/text-width.js'

const chart = (title: string): Chart => {
  const values = [{ name: title, value: 3 }]
  const encoding = {
    x: { field: 'value', type: 'quantitative' },
    y: { field: 'name', type: 'nominal' },
  }
  return {
    spec: specification(
      { title, subtitle: ['below'], description: title },
      { data: { values }, mark: 'bar', encoding },
    ),
    description: title,
    columns: ['name', 'value'],
    rows: values,
  }
}

const HOSTILE = `</title><script>alert("x")</script> & 'quoted' ]]> \u0000\ud800`

t.test('equal charts give equal bytes', async t => {
  const once = await svg(chart('one'))
  await svg(chart('another, much longer than the first'))
  t.equal(await svg(chart('one')), once)
  t.strictSame(await png(once, 1), await png(once, 1))
})

t.test('texts from data stay texts', async t => {
  const drawn = await svg(chart(HOSTILE), [HOSTILE])
  t.notMatch(drawn, '<script')
  t.notMatch(drawn, /NaN|undefined/)
  t.match(drawn, /^<svg [^>]*role="img"><title>&lt;\/title&gt;/)
  // Another parser of XML reads it.
  t.match(await sharp(Buffer.from(drawn)).metadata(), { format: 'svg' })
})

t.test('a picture has letters, though this machine may have no font', async t => {
  const drawn = await svg(chart('Wörter, слова, λέξεις'))
  t.equal(needsSystemFonts(drawn), false)
  const dark = async (text: string) => {
    const { data } = await sharp(await png(text, 1))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return data.filter(value => value < 128).length
  }
  const without = drawn.replace(/<text[^]*?<\/text>/g, '')
  t.ok((await dark(drawn)) > (await dark(without)) + 100, 'letters leave dark pixels')
  const { width } = await sharp(await png(drawn, 2)).metadata()
  t.equal(width, 2 * Number(/width="(\d+)"/.exec(drawn)![1]), 'two pixels a unit')
  t.equal(needsSystemFonts(await svg(chart('日本語'))), true)
})

t.test('wide letters are taken for wide', async t => {
  t.equal(widthOf('日本'), 2)
  t.equal(widthOf('e\u0301'), widthOf('é'))
  t.ok(widthOf('WWW') > widthOf('aaa') && widthOf('aaa') > widthOf('iii'))
})
