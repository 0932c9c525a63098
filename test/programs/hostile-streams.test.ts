import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { faultOf, fixture, pcm, type Name } from './program.js'

/**
 * Whatever comes in, a program ends with the documented status and one line; what it wrote before
 * is no whole stream.
 */
const stream = (name: string) => fixture(`broken/streams/${name}.arrows`)
const folder = t.testdir()
const model = join(folder, 'model.arrows')

/** The least that each program needs beside its input, and which streams it reads. */
const PROGRAMS: Record<Exclude<Name, 'extract'>, { reads: string; args: string[] }> = {
  train: { reads: 'features', args: ['--epochs', '1', '--batch', '8', '--dim', '4', '--quiet'] },
  embed: { reads: 'features', args: ['--model', model] },
  eval: { reads: 'embeddings', args: ['--direction', 'photo>caption'] },
  zeroshot: {
    reads: 'embeddings',
    args: ['--classes', stream('prototypes'), '--modality', 'photo'],
  },
}

/** Words that the line must hold, so that it is refused for the right reason. */
const WORDS: Record<string, RegExp> = {
  '-nan': /column 'photo': row 5: .*NaN/,
  '-zero': /column 'photo': row 5: norm 0/,
  '-flipped': /damaged: column/,
  '-no-end': /ended early|end/,
  '-wrong-dimension': /photo/,
  '-no-photo': /photo|pair/,
}

/** Statuses of train, embed, eval and zeroshot, in that order. */
const FAULTS: Record<string, [number, number, number, number]> = {
  '': [0, 0, 0, 0],
  '-cut': [65, 65, 65, 65],
  '-no-end': [65, 65, 65, 65],
  '-flipped': [65, 65, 65, 65],
  '-twice': [65, 65, 65, 65],
  '-nan': [65, 65, 65, 65],
  '-zero': [0, 0, 65, 65],
  '-wrong-dimension': [0, 65, 65, 65],
  '-no-photo': [65, 0, 65, 65],
  '-absent': [2, 0, 2, 2],
  '-no-rows': [2, 2, 2, 2],
}

t.before(async () => {
  const made = await pcm('train', [stream('features'), ...PROGRAMS.train.args, '-o', model])
  if (made.status !== 0) throw new Error(made.stderr)
})

for (const [index, name] of (['train', 'embed', 'eval', 'zeroshot'] as const).entries()) {
  const { reads, args } = PROGRAMS[name]

  t.test(`pcm-${name}: every fault of a stream has its status and its line`, async t => {
    for (const [fault, statuses] of Object.entries(FAULTS)) {
      const path = stream(reads + fault)
      const ended = await pcm(name, [path, ...args])
      t.equal(ended.status, statuses[index], `${reads}${fault}: ${ended.stderr}`)
      if (ended.status === 0) continue
      t.equal(faultOf(name, ended.stderr), '', `${reads}${fault}: one line`)
      t.match(ended.stderr, WORDS[fault] ?? /./, `${reads}${fault}: for that reason`)
      if (ended.status !== 2) t.notOk(endsWell(ended.stdout), `${reads}${fault}: no whole stream`)
    }
  })

  t.test(`pcm-${name}: what is no stream is refused`, async t => {
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

  t.test(`pcm-${name}: a stream cut anywhere is never taken for a whole one`, async t => {
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
