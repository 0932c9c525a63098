import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { containers } from './containers.js'
import { npyOf, withNpyLength } from './npy.js'
import type { Target } from './target.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const fixture = (name: string): Uint8Array => readFileSync(`${root}fixtures/${name}`)
const sample = (name: string): Uint8Array => readFileSync(`${root}test/formats/samples/${name}`)
const text = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\n'))

const extract = (...words: string[]): [string, ...string[]] => ['pcm-extract', ...words]

const csv: Target = {
  format: 'CSV',
  text: true,
  file: 'items.csv',
  samples: [
    text('id,a,b,text,class', 'x,1,2,"one, two",dog', 'y,0.5,-2e3,"says ""no""",cat', 'z,,,,', ''),
    text('﻿a,b,text,class\r', '1,2,\tnaïve 🦊,dog\r', '3,4,"two', 'lines",cat\r', ''),
  ],
  lines: [
    extract('items.csv', '-m', 'v=vector:a+b', '-m', 't=text:text@ngram,dim=16', '-c', 'c=class'),
    extract('items.csv', '-m', 'class=category:class', '--where', 'class=dog,cat'),
  ],
}

const tsv: Target = {
  ...csv,
  format: 'TSV',
  file: 'items.tsv',
  samples: [text('id\ta\tb\ttext\tclass', 'x\t1\t2\tone\tdog', 'y\t3\t4\ttwo "x"\tcat', '')],
  lines: [
    extract('items.tsv', '-m', 'v=vector:a+b', '-m', 't=text:text@ngram,dim=16', '-c', 'c=class'),
  ],
}

const jsonl: Target = {
  format: 'JSONL',
  text: true,
  file: 'items.jsonl',
  samples: [
    text(
      '{"id":"x","v":[1,2],"views":[[1,2],[3,4]],"texts":["a","b"],"class":"dog","n":1}',
      '{"id":"y","v":[0.5,-1e3],"views":[[0,1]],"texts":["\\u00ef"],"class":"cat","n":null}',
      '{"id":"z","v":null,"class":"dog","texts":[]}',
      '',
    ),
  ],
  lines: [
    extract('items.jsonl', '-m', 'v=vector:v', '-m', 't=text:texts@ngram,dim=16', '-c', 'n=n'),
    extract('items.jsonl', '-m', 'views=vector:views', '-m', 'class=category:class'),
  ],
}

const npy: Target = {
  format: 'npy',
  text: false,
  file: 'array.npy',
  samples: [npyOf('<f4', '(3, 2)', 24), npyOf('<f8', '(2,)', 16), npyOf('<i8', '(2, 2)', 32)],
  lines: [extract('-m', 'a=vector:array.npy')],
  mend: (bytes, draw) => (draw.chance(0.5) ? withNpyLength(bytes) : bytes),
}

const npz: Target = {
  format: 'npz',
  text: false,
  file: 'arrays.npz',
  samples: [sample('stored.npz'), sample('packed.npz')],
  lines: [extract('-m', 'a=vector:arrays.npz::a')],
}

const mat: Target = {
  format: 'mat',
  text: false,
  file: 'arrays.mat',
  samples: [sample('plain.mat'), sample('packed.mat')],
  lines: [extract('-m', 'a=vector:arrays.mat::X.0'), extract('-m', 'a=vector:arrays.mat::half')],
}

const wav: Target = {
  format: 'WAV',
  text: false,
  file: 'sound.wav',
  beside: { 'items.csv': 'id,sound\nx,sound.wav\n' },
  samples: [fixture('broken/inputs/sound.wav')],
  lines: [extract('items.csv', '-m', 's=audio:sound@logmel,bands=8,parts=1')],
}

const png: Target = {
  format: 'PNG',
  text: false,
  file: 'picture.png',
  beside: { 'items.csv': 'id,picture\nx,picture.png\n' },
  samples: [fixture('broken/inputs/picture.png')],
  lines: [extract('items.csv', '-m', 'p=image:picture@hog,size=16')],
  mend: (bytes, draw) => (draw.chance(0.8) ? withPngChecksums(bytes) : bytes),
}

function withPngChecksums(bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes)
  for (let at = 8; at + 12 <= out.length;) {
    const end = at + 8 + out.readUInt32BE(at)
    if (end + 4 > out.length) break
    out.writeUInt32BE(crc32(out.subarray(at + 4, end)), end)
    at = end + 4
  }
  return out
}

const arrow: Target = {
  format: 'Arrow',
  text: false,
  file: 'features.arrows',
  samples: [fixture('broken/streams/features.arrows')],
  lines: [
    ['pcm-info', 'features.arrows'],
    ['pcm-cat', 'features.arrows'],
    ['pcm-join', 'features.arrows', '--where', 'id=a'],
    ['pcm-convert', 'features.arrows', '--to', 'jsonl'],
  ],
}

const safetensors: Target = {
  format: 'safetensors',
  text: false,
  file: 'arrays.safetensors',
  samples: [
    safetensorsOf('{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}', 24),
    safetensorsOf(
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}}',
      8,
    ),
  ],
  lines: [['pcm-convert', 'arrays.safetensors', '--to', 'stream']],
  mend: (bytes, draw) => (draw.chance(0.5) ? withSafetensorsLength(bytes) : bytes),
}

function safetensorsOf(header: string, bytes: number): Uint8Array {
  const head = Buffer.alloc(8 + header.length)
  head.writeBigUInt64LE(BigInt(header.length))
  head.write(header, 8)
  return Buffer.concat([head, Buffer.alloc(bytes, 0x3f)])
}

/** The length of the header up to its last brace, wherever that has gone. */
function withSafetensorsLength(bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes)
  const end = out.lastIndexOf('}')
  if (end >= 8) out.writeBigUInt64LE(BigInt(end - 7))
  return out
}

const qrels: Target = {
  format: 'qrels',
  text: true,
  file: 'judged.txt',
  samples: [text('0 0 0 1', '1 0 1 1', '2 0 0 0', '')],
  beside: { 'a.npy': npyOf('<f4', '(3, 2)', 24), 'b.npy': npyOf('<f4', '(3, 2)', 24) },
  lines: [['pcm-eval', '--vectors', 'a=a.npy', '--vectors', 'b=b.npy', '--qrels', 'judged.txt']],
}

const words: Target = {
  format: 'word vectors',
  text: true,
  file: 'words.txt',
  samples: [text('the 1 2', 'dog 0.5 1', 'cat -1 3e-2', '')],
  beside: { 'items.csv': 'id,text\nx,the dog\ny,the cat\n' },
  lines: [extract('items.csv', '-m', 't=text:text@words:words.txt')],
}

const config: Target = {
  format: 'config',
  text: true,
  file: 'config.json',
  samples: [text('{"modality":["v=vector:a"],"seed":3,"pg":false,"verbose":1,"where":["id=x"]}')],
  beside: { 'items.csv': 'id,a\nx,1\n' },
  lines: [extract('items.csv', '--config', 'config.json')],
}

export const targets: readonly Target[] = [
  ...[csv, tsv, jsonl, npy, npz, mat, safetensors, wav, png, arrow, qrels, words, config],
  ...containers,
]
