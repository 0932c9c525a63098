import type { Random } from '../../../fixtures/maker/random.js'

/** Harm done to bytes that were sound. */
type Mutation = (bytes: Uint8Array, draw: Random) => Uint8Array

/** One mutation, or more, of text or of anything. */
export const mutate = (
  bytes: Uint8Array,
  draw: Random,
  { text }: { text: boolean },
): Uint8Array => {
  const kinds = text ? TEXTUAL : BINARY
  let harmed = bytes
  do harmed = draw.pick(kinds)(harmed, draw)
  while (draw.chance(0.4))
  return harmed
}

/** A whole number from 0 to `count` - 1. */
export const index = (count: number, draw: Random): number => Math.floor(draw.uniform() * count)

const splice = (bytes: Uint8Array, start: number, end: number, between: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, start), between, bytes.subarray(end)])

const flip: Mutation = (bytes, draw) => {
  const out = Uint8Array.from(bytes)
  if (out.length > 0) out[index(out.length, draw)]! ^= 1 << index(8, draw)
  return out
}

const cut: Mutation = (bytes, draw) => bytes.subarray(0, index(bytes.length + 1, draw))

/** Some bytes lost, doubled or moved elsewhere. */
const shuffle: Mutation = (bytes, draw) => {
  const start = index(bytes.length + 1, draw)
  const end = Math.min(bytes.length, start + index(40, draw))
  const piece = Uint8Array.from(bytes.subarray(start, end))
  const without = splice(bytes, start, draw.chance(0.5) ? end : start, new Uint8Array())
  if (draw.chance(0.3)) return without
  const to = index(without.length + 1, draw)
  return splice(without, to, to, piece)
}

/** What length fields, counts and offsets are broken by. */
const NUMBERS = [
  ...[0n, 1n, 2n, 3n, 7n, 8n, 255n, 256n, 0x7fn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n],
  ...[0xffffffffn, 0xfffffff0n, 0x100000000n, 1n << 40n, 1n << 53n, 1n << 62n, (1n << 64n) - 1n],
] as const

/** A number of 1, 2, 4 or 8 bytes where numbers like to be: early in the file, or late in it. */
const claim: Mutation = (bytes, draw) => {
  const size = draw.pick([1, 2, 4, 8])
  if (bytes.length < size) return bytes
  const near = Math.min(bytes.length - size + 1, draw.chance(0.5) ? 200 : bytes.length)
  const from = draw.chance(0.2) ? bytes.length - size + 1 - near : 0
  const at = from + index(near, draw)
  const number = NUMBERS[index(NUMBERS.length, draw)]!
  const out = Uint8Array.from(bytes)
  const word = Buffer.alloc(8)
  word.writeBigUInt64LE(number)
  const written = word.subarray(0, size)
  out.set(draw.chance(0.2) ? Uint8Array.from(written).reverse() : written, at)
  return out
}

const WORDS = [
  ...['"', '""', ',', '\n', '\r', '\r\n', '\0', '\ufeff', '\u2028', "'", '{', '}', '[', ']', ':'],
  ...['null', 'NaN', '-Infinity', 'true', '1e999', '-0', '00', '0x10', '9007199254740993', ' '],
  ...['__proto__', 'constructor', 'id', '\\', '\\u0000', '\\ud800', '(', ')', '()', "'<f4'", '|O'],
  ...['-1', '4294967296', '1099511627776', '../../etc/passwd', '/dev/zero', '\u001b]0;x\u0007', ''],
  ...['%2C', '%', '$(reboot)', '`x`', '\t', '🦊', '['.repeat(5000), '{"a":'.repeat(5000)],
  ...['9'.repeat(400), 'x'.repeat(70_000)],
] as const

/** A word that means something to some parser, in place of up to eight bytes. */
const say: Mutation = (bytes, draw) => {
  const start = index(bytes.length + 1, draw)
  const end = Math.min(bytes.length, start + (draw.chance(0.5) ? 0 : index(9, draw)))
  return splice(bytes, start, end, Buffer.from(WORDS[index(WORDS.length, draw)]!))
}

/** A number of the text is replaced by another. */
const recount: Mutation = (bytes, draw) => {
  const text = Buffer.from(bytes).toString('latin1')
  const numbers = [...text.matchAll(/\d+/g)]
  const chosen = numbers[index(numbers.length, draw)]
  if (!chosen) return bytes
  const number = NUMBERS[index(NUMBERS.length, draw)]!
  const end = chosen.index + chosen[0].length
  return splice(bytes, chosen.index, end, Buffer.from(`${draw.chance(0.2) ? '-' : ''}${number}`))
}

/** A line that is lost, comes twice, or comes elsewhere. */
const reline: Mutation = (bytes, draw) => {
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  const at = index(lines.length, draw)
  const [line = ''] = lines.splice(at, draw.chance(0.5) ? 1 : 0)
  if (draw.chance(0.6)) lines.splice(index(lines.length + 1, draw), 0, line)
  return Buffer.from(lines.join('\n'), 'latin1')
}

const noise: Mutation = (bytes, draw) => {
  const at = index(bytes.length + 1, draw)
  const length = 1 + index(16, draw)
  return splice(
    bytes,
    at,
    at,
    Uint8Array.from({ length }, () => index(256, draw)),
  )
}

const BINARY = [flip, claim, claim, claim, cut, shuffle, noise, recount, say] as const
const TEXTUAL = [say, say, say, recount, reline, shuffle, flip, cut, noise] as const
