import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../../fixtures/maker/random.js'
import type { Attack } from '../attack.js'
import { index, mutate } from '../fuzz/mutate.js'
import type { Target } from '../fuzz/target.js'
import { targets } from '../fuzz/targets.js'
import type { Ended, Host } from '../host/hosted.js'

const FILES = { quick: 240, long: 52_500 }
/** A file of kilobytes that takes longer has found something that grows too fast. */
const SLOW_MS = 10_000

/** Whatever a file holds, a program reads it or refuses it with one line: nothing else. */
export const fuzz: Attack = {
  name: 'fuzz',
  summary: 'manifests, arrays, sounds and headers of every format, harmed where it hurts',
  unit: 'files',
  goal: FILES.long,
  async run({ quick, seed, folder, host, struck, fault, figure }) {
    let peak = 0
    const each = Math.ceil((quick ? FILES.quick : FILES.long) / targets.length)
    for (const target of targets) {
      const { format, samples, lines, text, mend } = target
      const place = join(folder, format)
      prepare(target, place)
      await checkSamples(target, place, host)
      let refused = 0
      for (let i = 0; i < each; i++) {
        const draw = random(seed, format, i)
        const harmed = mutate(samples[index(samples.length, draw)]!, draw, { text })
        const bytes = mend?.(harmed, draw) ?? harmed
        const ended = await read(target, place, lines[i % lines.length]!, bytes, host)
        struck()
        peak = Math.max(peak, ended.peak)
        if (ended.status !== 0) refused++
        const wrong = wrongIn(ended)
        if (wrong) fault(`${format} ${i} (${show(bytes)}): ${wrong}`)
      }
      figure(`${format}, refused`, `${refused} of ${each}`)
    }
    figure('largest resident set', `${Math.round(peak / 1e6)} MB`)
  },
}

const prepare = ({ beside = {} }: Target, place: string): void => {
  mkdirSync(place)
  for (const [name, content] of Object.entries(beside)) writeFileSync(join(place, name), content)
}

const read = async (
  { file }: Target,
  place: string,
  [program, ...words]: Target['lines'][number],
  bytes: Uint8Array,
  host: Host,
): Promise<Ended> => {
  writeFileSync(join(place, file), bytes)
  const ended = await host.run(program, [...words, '-q', '-o', 'out'], place)
  rmSync(join(place, 'out'), { force: true })
  return ended
}

/** A target that reads nothing to begin with would find nothing. */
const checkSamples = async (target: Target, place: string, host: Host): Promise<void> => {
  for (const [i, sample] of target.samples.entries()) {
    const ends: Ended[] = []
    for (const line of target.lines) ends.push(await read(target, place, line, sample, host))
    if (!ends.some(({ status }) => status === 0))
      throw new Error(`${target.format}: sample ${i} cannot be read: ${ends[0]!.stderr}`)
  }
}

/** Statuses of input that is read, skipped, misused (a config), bad, or names what is not there. */
const STATUSES = [0, 1, 2, 64, 65, 66]

const wrongIn = ({ status, stderr, ms, fault }: Ended): string => {
  if (fault) return fault
  if (!STATUSES.includes(status)) return `status ${status}: ${stderr}`
  if (status > 2 && !/^pcm-\w+: [^\n]+\n(  [^\n]+\n)?$/.test(stderr))
    return `not one line and a hint: ${stderr}`
  return ms > SLOW_MS ? `took ${Math.round(ms)} ms` : ''
}

const show = (bytes: Uint8Array): string =>
  bytes.length > 3000 ? `${bytes.length} bytes` : `base64 ${Buffer.from(bytes).toString('base64')}`
