import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../../fixtures/maker/random.js'
import type { Attack } from '../attack.js'
import type { Ended } from '../host/hosted.js'
import { CONTENTS, makeSmallWorld, type Reader, readersOf } from '../small-world.js'

const FLIPS = { quick: 120, long: 20_000 }

/**
 * A flipped byte is read right or refused: what a program writes is what it writes from the sound
 * stream, byte for byte, or its status is that of bad data.
 */
export const flips: Attack = {
  name: 'flips',
  summary: 'small streams with any byte flipped, into any program that reads them',
  unit: 'flips',
  goal: FLIPS.long,
  async run({ quick, seed, folder, host, struck, fault, figure }) {
    const world = await makeSmallWorld(host, folder)
    const [damaged, out] = [join(folder, 'damaged.arrows'), join(folder, 'out')]
    const outcome = async ({ program, argv }: Reader, bytes: Uint8Array): Promise<Outcome> => {
      writeFileSync(damaged, bytes)
      const ended = await host.run(program, [...argv(damaged), ...PLAIN, '-o', out], folder)
      const written = existsSync(out) ? readFileSync(out) : undefined
      rmSync(out, { force: true })
      return { ...ended, written }
    }
    const targets: Target[] = []
    for (const content of CONTENTS)
      for (const reader of readersOf(content, world)) {
        const bytes = world.bytesOf(content)
        const sound = await outcome(reader, bytes)
        if (sound.status !== 0) throw new Error(`${reader.program}: ${sound.stderr}`)
        targets.push({ name: `${content} into ${reader.program}`, bytes, reader, sound })
      }
    let refused = 0
    const draw = random(seed, 'flips')
    for (let i = 0; i < (quick ? FLIPS.quick : FLIPS.long); i++) {
      const { name, bytes, reader, sound } = targets[i % targets.length]!
      const at = Math.floor(draw.uniform() * bytes.length)
      const by = 1 + Math.floor(draw.uniform() * 255)
      const flipped = Uint8Array.from(bytes)
      flipped[at]! ^= by
      const ended = await outcome(reader, flipped)
      struck()
      if (ended.status === 65) refused++
      const wrong = ended.fault || wrongIn(ended, sound)
      if (wrong) fault(`${name}: byte ${at} of ${bytes.length} ^ ${by}: ${wrong}`)
    }
    figure('refused', refused)
  },
}

const PLAIN = ['--no-pg', '-q']

interface Outcome extends Ended {
  written: Buffer | undefined
}

interface Target {
  name: string
  bytes: Buffer
  reader: Reader
  sound: Outcome
}

const wrongIn = ({ status, stderr, written }: Outcome, sound: Outcome): string => {
  if (status === 65) return ''
  if (status !== 0) return `status ${status}: ${stderr}`
  return written?.equals(sound.written!) ? '' : 'success, and another output'
}
