import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../../fixtures/maker/random.js'
import type { Attack } from '../attack.js'
import { CONTENTS, makeSmallWorld, readersOf } from '../small-world.js'

/** Every so many bytes in the quick version, from a place that is drawn. */
const QUICK_STRIDE = 800

/** Part of a stream is no stream: no program may succeed on it, nor leave a file that says it did. */
export const cuts: Attack = {
  name: 'cuts',
  summary: 'small streams cut after every byte, into every program that reads them',
  unit: 'cuts',
  goal: 150_000,
  async run({ quick, seed, folder, host, struck, fault, figure }) {
    const world = await makeSmallWorld(host, folder)
    const [cut, out] = [join(folder, 'cut.arrows'), join(folder, 'out')]
    const draw = random(seed, 'cuts')
    for (const content of CONTENTS) {
      const bytes = world.bytesOf(content)
      const stride = quick ? QUICK_STRIDE : 1
      const first = Math.floor(draw.uniform() * stride)
      figure(`bytes of ${content}`, bytes.length)
      for (let length = first; length < bytes.length; length += stride) {
        writeFileSync(cut, bytes.subarray(0, length))
        for (const { program, argv } of readersOf(content, world)) {
          const line = [...argv(cut), '-q', '-o', out]
          const ended = await host.run(program, line, folder)
          struck()
          const where = `${content} of ${bytes.length} bytes cut after ${length}: ${program}`
          if (ended.fault) fault(`${where}: ${ended.fault}`)
          else if (ended.status !== 65) fault(`${where}: status ${ended.status}: ${ended.stderr}`)
          // pcm-info describes as far as it could read, and says so in what it writes.
          if (existsSync(out) && program !== 'pcm-info') fault(`${where}: left its output`)
          rmSync(out, { force: true })
        }
      }
    }
  },
}
