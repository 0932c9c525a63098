import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attack } from '../attack.js'
import { npyOf } from '../fuzz/npy.js'
import { makeSmallWorld } from '../small-world.js'

/** What a run may add to the resident set beyond its input: reading anything at all takes some. */
const ALLOWED = 200e6
/** ... and beyond that, so many bytes for each byte of the input. */
const MULTIPLE = 40

const CLAIMS = [0x7fffffffn, 0xffffffffn, 1n << 40n, (1n << 63n) - 1n] as const

/** Whoever claims to bring 2^40 rows gets no memory for them before they come. */
export const claims: Attack = {
  name: 'claims',
  summary: 'headers that claim 2^31 bytes, 2^40 rows or a million levels: memory stays small',
  unit: 'claims',
  goal: 12_000,
  async run({ quick, folder, host, struck, fault, figure }) {
    const world = await makeSmallWorld(host, folder)
    writeFileSync(join(folder, 'sounds.csv'), 'sound\nsound.wav\n')
    let peak = 0
    let most = 0
    const strike = async (name: string, file: string, bytes: Uint8Array, line: Line) => {
      writeFileSync(join(folder, file), bytes)
      const [program, ...words] = line
      const {
        status,
        stderr,
        fault: wrong,
        ...ended
      } = await host.run(program, [...words, '-q', '-o', 'out'], folder)
      struck()
      const grown = peak === 0 ? 0 : ended.peak - peak
      peak = ended.peak
      most = Math.max(most, grown)
      if (wrong) fault(`${name}: ${wrong}`)
      else if (![0, 2, 64, 65].includes(status)) fault(`${name}: status ${status}: ${stderr}`)
      if (grown > ALLOWED + MULTIPLE * bytes.length)
        fault(`${name}: ${Math.round(grown / 1e6)} MB for ${bytes.length} bytes`)
    }
    for (const content of ['features', 'model'] as const) {
      const bytes = world.bytesOf(content)
      const stride = quick ? 256 : 4
      for (let at = 0; at + 8 <= bytes.length; at += stride)
        for (const claim of quick ? CLAIMS.slice(2, 3) : CLAIMS) {
          const line: Line = ['pcm-info', 'claim.arrows']
          await strike(
            `${content}, ${claim} at ${at}`,
            'claim.arrows',
            claimed(bytes, at, claim),
            line,
          )
        }
    }
    const large = quick ? 10_000 : 1_000_000
    for (const [file, bytes, line] of files(large)) await strike(`${file}`, file, bytes, line)
    figure('most memory that one claim took', `${Math.round(most / 1e6)} MB`)
    figure('largest resident set', `${Math.round(peak / 1e6)} MB`)
  },
}

type Line = [string, ...string[]]

const claimed = (bytes: Uint8Array, at: number, claim: bigint): Uint8Array => {
  const out = Buffer.from(bytes)
  if (claim > 0xffffffffn) out.writeBigInt64LE(claim, at)
  else out.writeUInt32LE(Number(claim), at)
  return out
}

/** Files that claim much, or go deep, and the line that reads each. */
const files = (large: number): [string, Uint8Array, Line][] => {
  const text = (content: string) => Buffer.from(content)
  const vector: Line = ['pcm-extract', '-m', 'a=vector:claim.npy']
  const safetensors: Line = ['pcm-convert', 'claim.safetensors', '--to', 'stream']
  const jsonl: Line = ['pcm-extract', 'claim.jsonl', '-m', 'a=vector:a']
  return [
    ['claim.npy', npyOf('<f4', '(1099511627776, 256)', 24), vector],
    ['claim.npy', npyOf('<f4', '(3, 2147483647)', 24), vector],
    ['claim.npy', npyOf('<f4', '(0, 1099511627776)', 24), vector],
    ['claim.npy', npyOf('<f8', `(${'1,'.repeat(40)})`, 8), vector],
    ['claim.safetensors', safetensorsOf(1n << 40n, '{}'), safetensors],
    ['claim.safetensors', safetensorsOf((1n << 64n) - 1n, '{}'), safetensors],
    [
      'claim.safetensors',
      safetensorsOf(
        undefined,
        '{"a":{"dtype":"F32","shape":[1099511627776,2],"data_offsets":[0,8796093022208]}}',
      ),
      safetensors,
    ],
    ['claim.safetensors', safetensorsOf(undefined, '['.repeat(large)), safetensors],
    ['claim.jsonl', text(`{"a":${'['.repeat(large)}`), jsonl],
    ['claim.jsonl', text(`{"a":${'['.repeat(large)}1${']'.repeat(large)}}\n`), jsonl],
    ['claim.jsonl', text('{"a":'.repeat(large)), jsonl],
    [
      'claim.csv',
      text(`id,${'a,'.repeat(large)}b\n`),
      ['pcm-extract', 'claim.csv', '-m', 'a=vector:b'],
    ],
    [
      'claim.csv',
      text(`id,a\n"${'x'.repeat(large)}`),
      ['pcm-extract', 'claim.csv', '-m', 'a=text:a'],
    ],
    [
      'claim.json',
      text('['.repeat(large)),
      ['pcm-info', 'features.arrows', '--config', 'claim.json'],
    ],
    ['sound.wav', wavOf(0xffffffff), ['pcm-extract', 'sounds.csv', '-m', 'a=audio:sound']],
  ]
}

const safetensorsOf = (length: bigint | undefined, header: string): Uint8Array => {
  const head = Buffer.alloc(8 + header.length)
  head.writeBigUInt64LE(length ?? BigInt(header.length))
  head.write(header, 8)
  return head
}

/** 16 bits, mono, 16 kHz; eight bytes of samples, whatever the header says. */
const wavOf = (claim: number): Uint8Array => {
  const wav = Buffer.alloc(52)
  wav.write('RIFF')
  wav.writeUInt32LE(claim, 4)
  wav.write('WAVEfmt ', 8)
  wav.set([16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0], 16)
  wav.write('data', 36)
  wav.writeUInt32LE(claim, 40)
  return wav
}
