import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { faultOf, fixture, pcm, type Name } from './program.js'

/**
 * Whatever comes in, a program ends with the documented status and one line; what it wrote before
 * is no whole stream.
 */
const stream = (name: string) => fixture(`broken/streams/${name}.arrows`)
const features = stream('features')
const training = ['--epochs', '1', '--batch', '8', '--dim', '4', '--quiet']

type Reader = Exclude<Name, 'extract'>

/** Words that the line must hold, so that it is refused for the right reason. */
const WORDS: Record<string, RegExp> = {
  '-nan': /column 'photo': row 5: .*NaN/,
  '-zero': /column 'photo': row 5: norm 0/,
  '-flipped': /damaged: column/,
  '-no-end': /ended early|end/,
  '-wrong-dimension': /photo/,
  '-no-photo': /photo|pair/,
}

/** The status of each program that reads features or embeddings with this fault. */
const FAULTS: Record<string, Record<Reader, number>> = {
  '': { train: 0, embed: 0, eval: 0, plot: 0, zeroshot: 0 },
  '-cut': { train: 65, embed: 65, eval: 65, plot: 65, zeroshot: 65 },
  '-no-end': { train: 65, embed: 65, eval: 65, plot: 65, zeroshot: 65 },
  '-flipped': { train: 65, embed: 65, eval: 65, plot: 65, zeroshot: 65 },
  '-twice': { train: 65, embed: 65, eval: 65, plot: 65, zeroshot: 65 },
  '-nan': { train: 65, embed: 65, eval: 65, plot: 65, zeroshot: 65 },
  '-zero': { train: 0, embed: 0, eval: 65, plot: 65, zeroshot: 65 },
  '-wrong-dimension': { train: 0, embed: 65, eval: 65, plot: 65, zeroshot: 65 },
  '-no-photo': { train: 65, embed: 0, eval: 65, plot: 0, zeroshot: 65 },
  '-absent': { train: 2, embed: 0, eval: 2, plot: 0, zeroshot: 2 },
  '-no-rows': { train: 2, embed: 2, eval: 2, plot: 2, zeroshot: 2 },
}

/** Tests one program, in a file of its own so that the files can run side by side. */
export const refusesHostileStreams = async (name: Reader): Promise<void> => {
  const folder = t.testdir()
  const model = join(folder, 'model.arrows')
  const [reads, args] = {
    train: ['features', training],
    embed: ['features', ['--model', model]],
    eval: ['embeddings', ['--direction', 'photo>caption']],
    plot: ['embeddings', []],
    zeroshot: ['embeddings', ['--classes', stream('prototypes'), '--modality', 'photo']],
  }[name] as [string, string[]]
  if (name === 'embed') await pcm('train', [features, ...training, '-o', model])

  t.test('every fault of a stream has its status and its line', async t => {
    for (const [fault, statuses] of Object.entries(FAULTS)) {
      const ended = await pcm(name, [stream(reads + fault), ...args])
      t.equal(ended.status, statuses[name], `${reads}${fault}: ${ended.stderr}`)
      if (ended.status === 0) continue
      t.equal(faultOf(name, ended.stderr), '', `${reads}${fault}: one line`)
      t.match(ended.stderr, WORDS[fault] ?? /./, `${reads}${fault}: for that reason`)
      if (ended.status !== 2) t.notOk(endsWell(ended.stdout), `${reads}${fault}: no whole stream`)
    }
  })

  t.test('what is no stream is refused', async t => {
    for (const file of ['empty', 'text', 'zeros']) {
      const ended = await pcm(name, args, { input: await readFile(stream(file)) })
      t.equal(ended.status, 65, `${file}: ${ended.stderr}`)
      t.equal(faultOf(name, ended.stderr), '', `${file}: one line`)
      t.equal(ended.stdout.length, 0, `${file}: nothing on stdout`)
    }
    const absent = await pcm(name, [join(folder, 'nowhere.arrows'), ...args])
    t.equal(absent.status, 66, absent.stderr)
    t.equal(faultOf(name, absent.stderr), '', 'no such file: one line')
  })

  t.test('a stream cut anywhere is never taken for a whole one', async t => {
    const whole = await readFile(stream(reads))
    const runs = cuts(whole.length).map(async cut => {
      const ended = await pcm(name, args, { input: whole.subarray(0, cut) })
      t.equal(ended.status, 65, `${cut} of ${whole.length} bytes: ${ended.stderr}`)
      t.equal(faultOf(name, ended.stderr), '', `${cut} bytes: one line`)
      t.notOk(endsWell(ended.stdout), `${cut} bytes: no whole stream`)
    })
    await Promise.all(runs)
  })
}

/** Within the first and the last words of a stream, and at three places between. */
const cuts = (length: number): number[] => [
  1,
  9,
  ...[1, 2, 3].map(part => Math.floor((length * part) / 4)),
  length - 8,
  length - 1,
]

/** True where bytes end as a stream that its writer finished does. */
const endsWell = (bytes: Buffer): boolean =>
  bytes.length >= 8 && bytes.subarray(-8).equals(Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]))
