import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { random } from '../../../fixtures/maker/random.js'
import { answer, given } from './worker.js'

/** Pictures, sounds and texts that differ, and a manifest of each kind: `ITEMS` rows over them. */
const { folder, items, files } = given<{ folder: string; items: number; files: number }>()
const draw = random(0, 'items')
const count = Math.min(items, files)
await mkdir(folder, { recursive: true })

const WORDS = Array.from({ length: 2000 }, () =>
  Array.from({ length: 3 + Math.floor(7 * draw.uniform()) }, () =>
    String.fromCharCode(97 + Math.floor(26 * draw.uniform())),
  ).join(''),
)
const sentence = (): string =>
  Array.from({ length: 12 }, () => WORDS[Math.floor(WORDS.length * draw.uniform())]!).join(' ')

/** A JPEG of 256 x 256 with structure in it: small noise, enlarged. */
const picture = (): Promise<Buffer> =>
  sharp(Buffer.from(Array.from({ length: 12 * 12 * 3 }, () => 255 * draw.uniform())), {
    raw: { width: 12, height: 12, channels: 3 },
  })
    .resize(256, 256)
    .jpeg()
    .toBuffer()

/** A second of sound at 16 kHz, 16-bit WAV. */
const sound = (): Buffer => {
  const samples = Int16Array.from({ length: 16_000 }, () => 20_000 * (draw.uniform() - 0.5))
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(36 + samples.byteLength, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(16_000, 24)
  head.writeUInt32LE(32_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer)])
}

for (let i = 0; i < count; i++) {
  await writeFile(join(folder, `${i}.jpg`), await picture())
  await writeFile(join(folder, `${i}.wav`), sound())
}
const manifest = (cell: (item: number) => string): string =>
  `id,source\n${Array.from({ length: items }, (_, i) => `${i},${cell(i)}\n`).join('')}`
await writeFile(
  join(folder, 'image.csv'),
  manifest(i => `${i % count}.jpg`),
)
await writeFile(
  join(folder, 'audio.csv'),
  manifest(i => `${i % count}.wav`),
)
await writeFile(join(folder, 'text.csv'), manifest(sentence))
answer({})
