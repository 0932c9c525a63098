import fc from 'fast-check'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PcmError } from '../../lib/error.js'
import { FEW_ITEMS, item, readAll, sampleBytes } from '../stream/sample.js'
import { convertFile, temporary, thereAndBack } from './converted.js'

/** All there is of a stream, but for the provenance that each conversion adds. */
const contentOf = async (bytes: Uint8Array) => {
  const { schema, collected, summary } = await readAll(bytes)
  const { provenance, ...rest } = schema
  return { schema: rest, first: provenance[0], collected, digests: summary.digests }
}

const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const { folder, remove } = temporary()
  try {
    return await work(folder)
  } finally {
    remove()
  }
}

for (const format of ['arrow', 'npz', 'safetensors', 'parquet'])
  t.test(`nothing is lost by way of ${format}`, async t => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { minLength: 1, maxLength: 9 }),
        fc.array(fc.nat(9)),
        async (items, cuts) => {
          const bytes = await sampleBytes(items, cuts)
          const back = await withFolder(folder => thereAndBack(folder, bytes, format))
          t.same(await contentOf(back), await contentOf(bytes))
        },
      ),
      { numRuns: 12 },
    )
    const bytes = await sampleBytes(FEW_ITEMS)
    const back = await readAll(await withFolder(folder => thereAndBack(folder, bytes, format)))
    t.equal(back.schema.provenance.length, 3, 'and both conversions are in the provenance')
  })

t.test('values come back from text as they were, to the last bit', async t => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(float, float), { minLength: 1, maxLength: 8 }),
      async pairs => {
        const items = pairs.map((photo, i) => ({ ...FEW_ITEMS[i % 2]!, id: `i${i}`, photo }))
        const bytes = await sampleBytes(items)
        const digest = (await readAll(bytes)).summary.digests['photo']
        for (const format of ['csv', 'tsv', 'jsonl'])
          await withFolder(async folder => {
            const [from, by, to] = ['a.arrows', `b.${format}`, 'c.arrows'].map(name =>
              join(folder, name),
            ) as [string, string, string]
            writeFileSync(from, bytes)
            await convertFile(from, by, { choice: { modalities: ['photo'], columns: ['label'] } })
            await convertFile(by, to)
            const back = await readAll(new Uint8Array(readFileSync(to)))
            t.equal(back.summary.digests['photo'], digest, format)
          })
      },
    ),
    { numRuns: 8 },
  )
})

t.test('what a format cannot hold is refused with the column and a way out', async t => {
  const { folder, remove } = temporary()
  t.teardown(remove)
  const from = join(folder, 'a.arrows')
  writeFileSync(from, await sampleBytes(FEW_ITEMS))
  const refused = async (
    file: string,
    message: RegExp,
    choice = [[], []] as [string[], string[]],
  ) => {
    const [modalities, columns] = choice
    const error = await convertFile(from, join(folder, file), {
      choice: { modalities, columns },
    }).then(
      () => undefined,
      error => error,
    )
    t.ok(error instanceof PcmError, `${file}: ${error}`)
    t.match(error?.message, message)
    t.ok(error?.hint, 'with a hint')
  }
  await refused('b.csv', /'words' has tokens, which csv cannot hold/)
  await refused('b.npy', /npy holds one column, and none is named/)
  await refused('b.npy', /not photo and label/, [['photo'], ['label']])
  await refused('b.npy', /'photo' has no value in some rows/, [['photo'], []])
  await refused('b.npy', /'captions' has lists of any length/, [['captions'], []])
  await refused('b.jsonl', /no modality 'fotos'/, [['fotos'], []])
  t.same(readdirSync(folder), ['a.arrows'], 'and no file is left behind')
})

t.test('what a format has no place for is told in one line, where there is such', async t => {
  const { folder, remove } = temporary()
  t.teardown(remove)
  const from = join(folder, 'a.arrows')
  writeFileSync(from, await sampleBytes(FEW_ITEMS))
  const told = async (file: string, modalities: string[], columns: string[]) => {
    const lines: string[] = []
    await convertFile(from, join(folder, file), {
      choice: { modalities, columns },
      missing: 'drop',
      tell: text => lines.push(text),
    })
    return lines
  }
  for (const file of ['b.arrow', 'b.npz', 'b.safetensors'])
    t.same(await told(file, [], []), [], `${file} holds all there is`)
  const [line, ...more] = await told('b.npy', ['photo'], [])
  t.match(line, /^npy does not hold the ids, .*provenance$/)
  t.same(more, [])
  const [ofText] = await told('b.jsonl', ['words'], ['label'])
  t.match(ofText, /^jsonl does not hold that the lists of 'words' are tokens, .*provenance$/)
  t.notMatch(ofText, /the ids/)
})
