import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { decodeImage, square } from '../../lib/extract/image.js'

const SAMPLES = 'test/extract/samples/pictures'

/** What Pillow makes of each file, by test/crosscheck/picture-files.py. */
const reference = JSON.parse(readFileSync(`${SAMPLES}/reference.json`, 'utf8')) as Record<
  string,
  number[]
>

/** Levels of 255 by which a pixel may differ: both round once in resizing, with alpha twice. */
const mostOf = (name: string): number => (/alpha|webp/.test(name) ? 2 : 1)

const differences = async (name: string): Promise<number[]> => {
  const { data } = await decodeImage({ path: `${SAMPLES}/${name}` }, square(12), {
    fit: 'fill',
    kernel: 'cubic',
  })
  return reference[name]!.map((value, at) => Math.abs(value - data[at]!))
}

t.test(
  'orientations, depths, palettes, alpha and formats are read as Pillow reads them',
  async t => {
    const names = Object.keys(reference)
    t.same(
      names.toSorted(),
      readdirSync(SAMPLES)
        .filter(name => name !== 'reference.json')
        .sort(),
    )
    for (const name of names.filter(name => !name.startsWith('cmyk')))
      t.ok(Math.max(...(await differences(name))) <= mostOf(name), name)
  },
)

t.test(
  'CMYK is converted by a colour profile: near what multiplying gives, not inverted',
  async t => {
    for (const name of ['cmyk.jpg', 'cmyk.tif']) {
      const apart = await differences(name)
      const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length
      t.ok(mean < 25, `${name}: ${mean} levels on average`)
    }
  },
)
