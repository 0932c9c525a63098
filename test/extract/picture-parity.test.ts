import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { gradientHistograms } from '../../lib/extract/encoders/hog-gradient.js'
import { decodeImage, square, type Fit } from '../../lib/extract/image.js'
import { resize } from '../../lib/extract/resize.js'

/** Values of Pillow and scikit-image, by test/crosscheck/pictures.py. */
const reference = JSON.parse(readFileSync('test/extract/samples/pictures.json', 'utf8')) as Record<
  'fill' | 'larger' | 'cover' | 'hog',
  Record<string, number[]>
>

async function picture(folder: string): Promise<string> {
  const waves = [
    [9, 23, 0],
    [17, 7, 1],
    [31, 13, 2],
  ] as const
  const data = Uint8Array.from({ length: 60 * 90 * 3 }, (_, at) => {
    const [a, b, c] = waves[at % 3]!
    const pixel = Math.floor(at / 3)
    return Math.round(127.5 + 127 * Math.sin((pixel % 90) / a + Math.floor(pixel / 90) / b + c))
  })
  const path = `${folder}/picture.png`
  await sharp(data, { raw: { width: 90, height: 60, channels: 3 } }).toFile(path)
  return path
}

const farthest = (found: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((value, at) => Math.abs(found[at]! - value)))

t.test('a picture is made smaller and larger as Pillow does it, to 1 of 255', async t => {
  const path = await picture(t.testdir())
  for (const kernel of ['nearest', 'linear', 'cubic', 'lanczos3'] as const) {
    const fit = (fit: Fit['fit'], shortest?: number): Fit => ({ fit, kernel, shortest })
    const fill = await decodeImage({ path }, square(20), fit('fill'))
    t.ok(farthest(fill.data, reference.fill[kernel]!) <= 1, `${kernel}: smaller, sides apart`)
    const cover = await decodeImage({ path }, square(20), fit('cover', 24))
    t.ok(farthest(cover.data, reference.cover[kernel]!) <= 1, `${kernel}: the middle`)
    const larger = await decodeImage({ path }, square(100), fit('fill'))
    const middle = Array.from({ length: 20 }, (_, y) => [
      ...larger.data.subarray(3 * ((40 + y) * 100 + 40), 3 * ((40 + y) * 100 + 60)),
    ]).flat()
    t.ok(farthest(middle, reference.larger[kernel]!) <= 1, `${kernel}: larger`)
  }
})

t.test('a much larger picture is near what Pillow makes of the whole', async t => {
  const path = `${t.testdir()}/large.png`
  const smooth = Uint8Array.from({ length: 400 * 300 * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3)
    return Math.round(
      127 + 100 * Math.sin((pixel % 400) / 60) * Math.cos(Math.floor(pixel / 400) / 50),
    )
  })
  await sharp(smooth, { raw: { width: 400, height: 300, channels: 3 } }).toFile(path)
  const fit: Fit = { fit: 'fill', kernel: 'cubic' }
  const { data } = await decodeImage({ path }, square(16), fit)
  const whole = resize({ width: 400, height: 300, channels: 3, data: smooth }, 16, 16, 'cubic')
  t.ok(farthest(data, [...whole.data]) <= 3)
})

t.test('gradients are those of scikit-image where the definitions agree', t => {
  const ramp = (dx: number, dy: number) => ({
    ...square(32),
    data: Uint8Array.from({ length: 3 * 32 * 32 }, (_, at) => {
      const pixel = Math.floor(at / 3)
      return dx * (pixel % 32) + dy * Math.floor(pixel / 32)
    }),
  })
  for (const [name, pixels, bins] of [
    ['down, 9 orientations', ramp(0, 4), 9],
    ['slanted, 2 orientations', ramp(3, 3), 2],
  ] as const) {
    const length = 4 * bins
    const blocks = new Float32Array(9 * length)
    gradientHistograms(pixels, { size: 32, cell: 8, block: 2, bins }, blocks)
    // The block in the middle, whose cells have neighbours on all sides.
    const found = blocks.subarray(4 * length, 5 * length)
    t.ok(farthest(found, reference.hog[name]!) < 1e-3, `${name}: ${[...found]}`)
  }
  t.end()
})
