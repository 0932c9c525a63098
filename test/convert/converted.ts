import { execa } from 'execa'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convert, type Conversion } from '../../lib/convert/convert.js'
import { outputFormat } from '../../lib/convert/format.js'
import { openSink } from '../../lib/stream/sink.js'
import { root } from '../sandbox.js'

/** A folder that is gone after the test. */
export const temporary = (): { folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'pcm-convert-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Converts one file into another, whose ending says the format. */
export const convertFile = async (
  input: string,
  output: string,
  options: Partial<Conversion> = {},
) => {
  const sink = await openSink(output, { binary: true })
  const conversion: Conversion = {
    input,
    from: undefined,
    to: outputFormat(output, undefined),
    choice: { modalities: [], columns: [] },
    where: [],
    missing: 'keep',
    record: { pn: 'pcm-convert', vn: '0', cl: '' },
    noPg: true,
    tell() {},
    ...options,
  }
  return convert(conversion, sink, { update() {} })
}

/**
 * The same by the program itself. What writes Parquet cannot be loaded within the test runner, whose
 * mocks do not find what packages export by pattern.
 */
export const pcmConvert = (args: readonly string[]) =>
  execa(process.execPath, [join(root, 'dist/bin/pcm-convert.js'), ...args], {
    env: { NODE_OPTIONS: '' },
    reject: false,
    stdin: 'ignore',
  })

/** The bytes of a stream, by way of a file of another format. */
export const thereAndBack = async (
  folder: string,
  stream: Uint8Array,
  format: string,
): Promise<Uint8Array> => {
  const [from, by, to] = ['a.arrows', `b.${format}`, 'c.arrows'].map(name => join(folder, name))
  writeFileSync(from!, stream)
  if (format === 'parquet') await pcmConvert(['--no-pg', from!, '-o', by!])
  else await convertFile(from!, by!)
  await convertFile(by!, to!)
  return new Uint8Array(readFileSync(to!))
}
