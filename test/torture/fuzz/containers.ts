import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { archive } from '../../formats/archive.js'
import { root } from '../../sandbox.js'
import { withOggChecksums } from './ogg.js'
import type { Target } from './target.js'

/** Files that hold other files, frames, pages or blocks. */
const file = (path: string): Uint8Array => readFileSync(`${root}${path}`)
const extract = (...words: string[]): [string, ...string[]] => ['pcm-extract', ...words]

const tar: Target = {
  format: 'tar',
  text: false,
  file: 'shard.tar',
  samples: [
    await archive([
      { name: 'a/1.txt', bytes: 'a dog' },
      { name: 'a/1.png', bytes: file('fixtures/broken/inputs/picture.png') },
      { name: 'a/1.cls', bytes: '3' },
      { name: 'a/2.txt', bytes: 'a cat' },
      { name: 'a/2.cls', bytes: '5' },
    ]),
    // A name of 150 letters takes a header of its own.
    await archive([{ name: `${'x'.repeat(150)}.txt`, bytes: 'words' }]),
  ],
  lines: [
    extract('shard.tar', '-m', 't=text:txt@ngram,dim=16', '-m', 'p=image:png@hog,size=16'),
    extract('shard.tar', '-m', 't=text:txt@ngram,dim=16', '--on-error', 'null'),
  ],
  mend: (bytes, draw) => (draw.chance(0.8) ? withTarChecksums(bytes) : bytes),
}

/** The sum over the bytes of each header, its own field as eight spaces, in octal. */
function withTarChecksums(bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes)
  for (let at = 0; at + 512 <= out.length; at += 512) {
    if (out.toString('latin1', at + 257, at + 262) !== 'ustar') continue
    out.fill(' ', at + 148, at + 156)
    const sum = out.subarray(at, at + 512).reduce((a, b) => a + b)
    out.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1')
  }
  return out
}

/** Two 2 x 2 matrices of bytes, and one of doubles. */
const IDX = [
  Buffer.concat([
    Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2]),
    Buffer.alloc(8, 7),
  ]),
  Buffer.concat([Buffer.from([0, 0, 14, 2, 0, 0, 0, 2, 0, 0, 0, 2]), Buffer.alloc(32, 0x3f)]),
]

const idx: Target = {
  format: 'IDX',
  text: false,
  file: 'array.idx',
  samples: IDX,
  lines: [extract('-m', 'a=vector:array.idx')],
  // As it is found on the web: packed; what is harmed is inside, or the packing.
  mend: (bytes, draw) => (draw.chance(0.2) ? gzipSync(bytes) : bytes),
}

const table = (name: string) => file(`test/formats/samples/tables/${name}`)
const columns = ['-m', 't=text:words@ngram,dim=16', '-m', 'v=vector:views', '-c', 's=small']

const parquet: Target = {
  format: 'Parquet',
  text: false,
  file: 'items.parquet',
  samples: ['duckdb', 'pyarrow-v2-pages', 'pyarrow-none'].map(name => table(`${name}.parquet`)),
  lines: [extract('items.parquet', ...columns)],
}

const arrowTable: Target = {
  format: 'Arrow table',
  text: false,
  file: 'items.arrow',
  samples: ['dictionary.feather', 'pyarrow-lz4.feather', 'polars-zstd.arrows'].map(table),
  lines: [extract('items.arrow', ...columns)],
}

const sound = (format: string, name: string): Target => ({
  format,
  text: false,
  file: 'sound',
  beside: { 'items.csv': 'id,sound\nx,sound\n' },
  samples: [file(`test/extract/samples/sounds/${name}`)],
  lines: [extract('items.csv', '-m', 's=audio:sound@logmel,bands=8,parts=1')],
})

const ogg = (format: string, name: string): Target => ({
  ...sound(format, name),
  mend: (bytes, draw) => (draw.chance(0.8) ? withOggChecksums(bytes) : bytes),
})

export const containers: readonly Target[] = [
  ...[tar, idx, parquet, arrowTable, sound('FLAC', 'mono.flac'), sound('MP3', 'mono.mp3')],
  ...[ogg('Ogg Vorbis', 'stereo.ogg'), ogg('Opus', 'stereo.opus')],
]
