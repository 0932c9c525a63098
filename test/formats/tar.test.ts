import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { readTar } from '../../lib/formats/tar.js'
import { archive } from './archive.js'
import { all, damage, isCivil, once } from './check.js'

interface Given {
  name: string
  bytes: Buffer
}

async function contents(...parts: Buffer[]): Promise<Given[]> {
  const whole = Buffer.concat(parts)
  const found: Given[] = []
  for await (const member of readTar(once(...parts), 'x.tar')) {
    const bytes = await member.bytes()
    t.same(whole.subarray(member.offset, member.offset + member.size), bytes, 'where it says')
    found.push({ name: member.name, bytes })
  }
  return found
}

const name = fc
  .array(fc.stringMatching(/^[a-zé日 .]{1,60}$/), { minLength: 1, maxLength: 4 })
  .map(parts => parts.join('/'))

t.test('members come back with their names, contents and places, however bytes arrive', async t => {
  const files = fc.array(fc.record({ name, bytes: fc.uint8Array({ maxLength: 1500 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(files, fc.nat(), async (given, cut) => {
      const wanted = given.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }))
      const bytes = await archive(wanted)
      const at = cut % bytes.length
      t.same(await contents(bytes.subarray(0, at), bytes.subarray(at)), wanted)
    }),
    { seed: 11, numRuns: 60 },
  )
})

t.test('archives of GNU tar are read: long names, pax, and several end to end', async t => {
  const long = `${'d'.repeat(120)}/${'f'.repeat(130)}.txt`
  const folder = t.testdir({
    ['d'.repeat(120)]: { [`${'f'.repeat(130)}.txt`]: 'long' },
    'é.txt': 'e',
  })
  for (const format of ['gnu', 'pax']) {
    const tar = execFileSync('tar', [`--format=${format}`, '-cf', '-', long, 'é.txt'], {
      cwd: folder,
    })
    const wanted = [
      { name: long, bytes: Buffer.from('long') },
      { name: 'é.txt', bytes: Buffer.from('e') },
    ]
    t.same(await contents(tar), wanted, format)
    t.same(await contents(tar, tar), [...wanted, ...wanted], `${format}, twice`)
  }
})

t.test('an archive that is cut anywhere is refused', async t => {
  const bytes = await archive([
    { name: 'a.txt', bytes: Buffer.from('first') },
    { name: 'b.txt', bytes: Buffer.alloc(600, 1) },
  ])
  const end = bytes.length - 1024
  for (const at of [1, 300, 512, 700, 1024, 1500, 2000, end]) {
    await t.rejects(
      all(readTar(once(bytes.subarray(0, at)), 'x.tar')),
      { message: /cut short|no sound tar/, exit: 65 },
      `${at} bytes`,
    )
  }
  await t.rejects(all(readTar(once(readFileSync('package.json')), 'x.tar')), {
    message: /tar/,
    exit: 65,
  })
})

t.test('damaged archives are read or refused, never anything else', async t => {
  const good = await archive([
    { name: 'a.txt', bytes: Buffer.from('first') },
    { name: `${'long/'.repeat(40)}b.txt`, bytes: Buffer.alloc(600, 1) },
  ])
  const how = fc.record({
    at: fc.array(fc.nat(good.length - 1), { maxLength: 5 }),
    to: fc.array(fc.nat(255), { minLength: 1, maxLength: 4 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  await fc.assert(
    fc.asyncProperty(how, change =>
      isCivil(async () => {
        for await (const member of readTar(once(damage(good, change)), 'x')) await member.bytes()
      }),
    ),
    { seed: 12, numRuns: 500 },
  )
  t.pass('500 damaged archives')
})
