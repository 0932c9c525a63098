import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { parseModality } from '../../lib/extract/address.js'
import { readPreprocessing } from '../../lib/extract/encoders/network/preprocessor-config.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'
import { windowsOf } from '../../lib/extract/encoders/network/windows.js'
import { oneNode } from './onnx-model.js'

const open = (address: string) => openEncoder(parseModality(address), 1)

/** 4 x 2 pixels: two columns of red on the left, two of blue on the right. */
async function picture(path: string): Promise<string> {
  const pixels = Buffer.from([255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255])
  await sharp(Buffer.concat([pixels, pixels]), { raw: { width: 4, height: 2, channels: 3 } })
    .png()
    .toFile(path)
  return path
}

/** 16 samples at 16 kHz, 16 bits: `value` in each. */
function wav(path: string, value: number): string {
  const bytes = Buffer.alloc(44 + 32)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(16000, 24)
  bytes.writeUInt32LE(32000, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(32, 40)
  for (let at = 0; at < 16; at++) bytes.writeInt16LE(value, 44 + 2 * at)
  writeFileSync(path, bytes)
  return path
}

t.test('pictures: layout, batch, normalisation and pooling; a bad one keeps its place', async t => {
  const folder = t.testdir({ 'bad.png': 'text' })
  writeFileSync(`${folder}/m.onnx`, oneNode('Identity', [2, 3, 2, 2]))
  const path = await picture(`${folder}/p.png`)
  const items = [{ path }, { path: `${folder}/bad.png` }, { path }]
  const base = `p=image:f@onnx:${folder}/m.onnx,kernel=nearest`

  const mean = await open(`${base},mean=0.5,std=0.5+0.5+0.25`)
  t.same([mean.dim, mean.layout], [3, 'vector'])
  const [first, bad, third] = await mean.encode(items)
  t.same([...(first as Float32Array)], [0, -1, 0], 'the mean over places of a vector of channels')
  t.match(bad, { name: 'PcmError', exit: 65 })
  t.same(third, first)
  t.match(mean.address, /^onnx:m\.onnx,size=2,kernel=nearest,mean=0\.5/, 'no folder')
  await mean.close()

  const tokens = await open(`${base},tokens,scale=1,fit=cover`)
  t.same([tokens.dim, tokens.layout], [3, 'tokens'])
  const [sequence] = await tokens.encode([{ path }])
  t.same([...(sequence as Float32Array)], [255, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 255])
  await tokens.close()
})

t.test('what is beside the model counts where the address says nothing', async t => {
  const folder = t.testdir({
    'preprocessor_config.json': JSON.stringify({
      size: { shortest_edge: 256 },
      crop_size: { height: 224, width: 112 },
      do_center_crop: true,
      rescale_factor: 1 / 128,
      do_normalize: true,
      image_mean: [1, 2, 3],
      image_std: [4, 5, 6],
      resample: 2,
    }),
    broken: { 'preprocessor_config.json': '{' },
  })
  t.same((await readPreprocessing(folder)).picture, {
    fit: 'cover',
    size: { height: 224, width: 112 },
    shortest: 256,
    scale: 1 / 128,
    mean: [1, 2, 3],
    std: [4, 5, 6],
    kernel: 'linear',
  })
  t.same(await readPreprocessing(`${folder}/nowhere`), { picture: {}, sound: {} })
  await t.rejects(readPreprocessing(`${folder}/broken`), { exit: 65, message: /not JSON/ })
})

t.test('sounds: a chain of two networks', async t => {
  const folder = t.testdir()
  writeFileSync(`${folder}/mel.onnx`, oneNode('Identity', [1, 16]))
  writeFileSync(`${folder}/embed.onnx`, oneNode('Neg', [1, 1, 16]))
  const path = wav(`${folder}/s.wav`, 16384)
  const encoder = await open(
    `v=audio:f@onnx:${folder}/mel.onnx,then=${folder}/embed.onnx,gain=10,mul=2,add=1`,
  )
  const [features] = await encoder.encode([{ path }])
  t.same([...(features as Float32Array)], new Array(16).fill(-(0.5 * 10 * 2 + 1)))
  t.match(encoder.address, /then=embed\.onnx/)
  await encoder.close()
})

t.test('windows overlap; a sequence that is too short repeats its last frame', async t => {
  const network = { shape: [undefined, 2, 1, 1], run: async () => t.fail(), close: async () => {} }
  const windows = (values: number[]) =>
    windowsOf(
      { values: Float32Array.from(values), count: values.length, dim: 1 },
      { network: network as never, hop: 1, mul: 1, add: 0 },
    )
  t.same([...windows([1, 2, 3]).values], [1, 2, 2, 3])
  t.same(windows([1, 2, 3]).dims, [2, 2, 1, 1])
  t.same([...windows([7]).values], [7, 7])
})

t.test('what is missing, no model, or not among its names is told', async t => {
  const folder = t.testdir({ 'text.onnx': 'text' })
  writeFileSync(`${folder}/m.onnx`, oneNode('Identity', [1, 3, 2, 2]))
  const cases: [number, RegExp, string][] = [
    [69, /no such file: .*nowhere\.onnx/, `onnx:${folder}/nowhere.onnx`],
    [65, /text\.onnx: not an ONNX model/, `onnx:${folder}/text.onnx`],
    [64, /no output 'z'/, `onnx:${folder}/m.onnx,output=z`],
    [64, /unknown option 'sizes'/, `onnx:${folder}/m.onnx,sizes=3`],
    [64, /2 numbers, expected 1 or 3/, `onnx:${folder}/m.onnx,mean=1+2`],
    [65, /m\.onnx: /, `onnx:${folder}/m.onnx,size=3`],
    [64, /onnx needs a FILE/, 'onnx'],
  ]
  for (const [exit, message, encoder] of cases)
    await t.rejects(open(`p=image:f@${encoder}`), { exit, message })
})

t.test('a GPU that was asked for and is not there is told, and none is taken silently', async t => {
  const folder = t.testdir()
  writeFileSync(`${folder}/m.onnx`, oneNode('Identity', [1, 3, 2, 2]))
  const address = parseModality(`p=image:f@onnx:${folder}/m.onnx`)
  // Where there is one, the request is kept, and nothing is left to see.
  const opened = await openEncoder(address, 1, { device: 'gpu' }).catch((error: unknown) => error)
  if (opened instanceof Error) t.match(opened, { exit: 69, message: /--device gpu: no GPU can be/ })
  else t.pass('there is a GPU')
  await t.rejects(openEncoder(address, 1, { device: 'gpus' }), {
    exit: 64,
    message: /--device gpus/,
  })
})

t.test('what comes out is what onnxruntime gives when it is called directly', async t => {
  const { InferenceSession, Tensor } = await import('onnxruntime-node')
  const model = 'fixtures/hf/vit/onnx/model.onnx'
  const path = 'fixtures/hf/picture.png'
  const bytes = await sharp(path).removeAlpha().raw().toBuffer()
  const input = new Float32Array(3 * 256)
  bytes.forEach((byte, at) => (input[(at % 3) * 256 + Math.floor(at / 3)] = byte * (1 / 255)))
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  const feed = { pixel_values: new Tensor('float32', input, [1, 3, 16, 16]) }
  const expected = (await session.run(feed))['last_hidden_state']!.data as Float32Array
  const encoder = await open(`p=image:f@onnx:${model},size=16,tokens`)
  const [tokens] = (await encoder.encode([{ path }])) as Float32Array[]
  t.same([...tokens!], [...expected], 'to the last bit')
  await encoder.close()
})
