import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { parseModality } from '../../lib/extract/address.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'
import { type Element, oneNode } from './onnx-model.js'

const folder = t.testdir()
const model = `${folder}/m.onnx`

/** 4 x 2 pixels: two columns of red on the left, two of blue on the right. */
const row = [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]
const path = `${folder}/p.png`
await sharp(Buffer.from([...row, ...row]), { raw: { width: 4, height: 2, channels: 3 } })
  .png()
  .toFile(path)

const encode = async (address: string): Promise<number[]> => {
  const encoder = await openEncoder(parseModality(`p=image:f@onnx:${address}`), 1)
  const [found] = await encoder.encode([{ path }])
  await encoder.close()
  if (found instanceof Error) throw found
  return [...found!]
}

/** What a network that changes nothing is given, place by place. */
const given = (shape: number[], options: string, type: Element = 'float32'): Promise<number[]> => {
  writeFileSync(model, oneNode('Identity', shape, { type }))
  return encode(`${model},tokens,${options}`)
}

t.test('inputs and outputs by name and by number, and every pooling of them', async t => {
  const clip = 'fixtures/hf/clip/onnx/vision_model.onnx,size=16'
  const embedding = await encode(clip)
  t.equal(embedding.length, 12)
  t.same(await encode(`${clip},output=0,input=0`), embedding)
  t.same(await encode(`${clip},output=image_embeds,input=pixel_values`), embedding)

  const tokens = await encode(`${clip},output=1,tokens`)
  t.equal(tokens.length, 5 * 16)
  t.same(await encode(`${clip},output=last_hidden_state,tokens`), tokens)
  t.same(await encode(`${clip},output=1,pool=none`), tokens, 'end to end')
  t.same(await encode(`${clip},output=1,pool=cls`), tokens.slice(0, 16), 'the first')
  const columns = Array.from({ length: 16 }, (_, at) => tokens.filter((_, i) => i % 16 === at))
  t.same(
    await encode(`${clip},output=1,pool=max`),
    columns.map(column => Math.max(...column)),
  )
  const means = columns.map(column => Math.fround(column.reduce((a, b) => a + b) / 5))
  t.same(await encode(`${clip},output=1,pool=mean`), means)
  t.same(await encode(`${clip},output=1`), means, 'which is what happens when nothing is said')
})

t.test('the shape of the model says how large a picture is, and its channels', async t => {
  t.same(await given([1, 3, 2, 4], 'scale=1'), [...row, ...row], 'wider than high')
  t.same(await given([1, 2, 4, 3], 'scale=1'), [...row, ...row], 'channels last')
  const luma = [76, 76, 29, 29]
  t.same(await given([1, 1, 2, 4], 'scale=1'), [...luma, ...luma], 'one channel')
  t.same(await given([1, 2, 4, 1], 'scale=1'), [...luma, ...luma], 'one channel, last')
  t.same(await given([1, 1, 1, 2], 'scale=1,mean=76,std=2,kernel=nearest'), [0, -23.5])
  await t.rejects(given([1, 1, 2, 2], 'mean=1+2+3'), { exit: 64, message: /3 numbers, expected 1/ })
  t.equal((await given([0, 3, 0, 0], 'scale=1')).length, 3 * 224 * 224, 'where it leaves that open')
})

t.test('the address says it for a model that leaves it open: HEIGHTxWIDTH', async t => {
  const open = [0, 3, 0, 0]
  t.same(await given(open, 'scale=1,size=1x2,kernel=nearest'), [255, 0, 0, 0, 0, 255])
  const cut = await given(open, 'scale=1,size=2x1,fit=cover')
  t.same(cut, [255, 0, 0, 255, 0, 0], 'the middle, where the sides keep their ratio')
  const axes = [0, 0, 0, 0]
  t.same((await given(axes, 'layout=nhwc,scale=1,size=2x4')).slice(0, 12), row)
  for (const size of ['0', '2x', 'x2', '2x2x2', '1.5', '5000', 'all'])
    await t.rejects(
      given(open, `size=${size}`),
      { exit: 64, message: /size: .*HEIGHTxWIDTH/ },
      size,
    )
})

t.test('what is beside the model comes before what the model says', async t => {
  const beside = `${t.testdir({
    'preprocessor_config.json': JSON.stringify({
      size: { height: 1, width: 2 },
      rescale_factor: 1,
      do_normalize: true,
      image_mean: [5, 0, 0],
      image_std: [10, 1, 1],
      resample: 0,
    }),
  })}/m.onnx`
  writeFileSync(beside, oneNode('Identity', [0, 3, 0, 0]))
  t.same(await encode(`${beside},tokens`), [25, 0, 0, -0.5, 0, 255])
  t.same(await encode(`${beside},tokens,mean=0,std=1`), [255, 0, 0, 0, 0, 255], 'the address first')
})

t.test('networks of bytes, halves and doubles', async t => {
  const shape = [1, 3, 2, 4]
  t.same(await given(shape, 'fit=fill', 'uint8'), [...row, ...row], 'bytes as they are')
  t.same(await given(shape, 'scale=2', 'uint8'), [...row, ...row], 'no more than fits')
  t.same(
    await given(shape, 'mean=0.5', 'float16'),
    [...row, ...row].map(v => v / 255 - 0.5),
  )
  t.same(await given(shape, 'scale=1', 'float64'), [...row, ...row])
  t.same(
    await given(shape, 'scale=-200', 'int16'),
    [...row, ...row].map(v => (v ? -32768 : 0)),
  )
  await t.rejects(given(shape, 'scale=1', 'string'), { exit: 65, message: /no tensor of numbers/ })
})
