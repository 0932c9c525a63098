import { PassThrough } from 'node:stream'
import { badData } from '../../../error.js'
import type { Batch } from '../../../stream/batch.js'
import { readStream, type InputStream } from '../../../stream/read.js'
import type { ModalityField } from '../../../stream/types.js'
import { unavailable } from '../unavailable.js'

export interface ProgramRequest {
  /** A line for sh. */
  command: string
  /** The column to take; the only modality where it is not told. */
  column: string | undefined
  tokens: boolean
  where: string
}

interface Answer {
  /** Numbers per vector. */
  dim: number
  /** One for each line; undefined where the program gave null. */
  rows: (Float32Array | undefined)[]
}

/** Runs the program over some lines; its failure is 69, an answer that does not fit them 65. */
export async function runProgram(
  request: ProgramRequest,
  lines: readonly string[],
): Promise<Answer> {
  const { command, where } = request
  const { execa } = await import('execa')
  const child = execa('sh', ['-c', command], {
    input: lines.map(line => `${line}\n`).join(''),
    stdout: 'pipe',
    // What it says is for the user, at once.
    stderr: 'inherit',
    encoding: 'buffer',
    buffer: false,
    reject: false,
  })
  // A program that does not read all of its lines is told by its status.
  child.stdin?.on('error', () => {})
  // Somebody must take what comes from the start: execa drops what nobody reads.
  const read = readAnswer(child.stdout.pipe(new PassThrough()), request).catch(
    (error: unknown) => error,
  )
  const answer = await read
  // What it says is no stream: it need not go on.
  if (answer instanceof Error) child.kill()
  const ended = await child
  if (answer instanceof Error && ended.signal === 'SIGTERM') throw answer
  if (ended.exitCode !== 0) {
    const how = ended.signal ? `was stopped by ${ended.signal}` : `ended with ${ended.exitCode}`
    throw unavailable(`${where}: '${command}' ${how}`, HINT)
  }
  if (answer instanceof Error) throw answer
  const { dim, rows } = answer as Answer
  if (rows.length !== lines.length)
    throw badData(`${command}: ${rows.length} rows for ${lines.length} lines`)
  return { dim, rows }
}

const HINT =
  'it gets one item a line, none to tell its dimension (unless dim=N says it), and writes an Arrow stream'

async function readAnswer(
  stdout: AsyncIterable<Uint8Array> & { destroy(): unknown },
  { command, column, tokens }: ProgramRequest,
): Promise<Answer> {
  const source = {
    name: command,
    close: () => void stdout.destroy(),
    [Symbol.asyncIterator]: () => stdout[Symbol.asyncIterator](),
  }
  // Streams of other programs need no id: these are rows by their order.
  const stream = await readStream(source, { expect: ['metrics', 'features', 'embeddings'] })
  const field = chosen(stream, column)
  const expected = tokens ? 'tokens' : 'vector'
  if (field.layout !== expected)
    throw badData(
      `${command}: column '${field.name}' is of layout ${field.layout}, expected ${expected}`,
      tokens ? undefined : 'sequences of vectors want the option tokens',
    )
  const rows: Answer['rows'] = []
  for await (const batch of stream) rows.push(...rowsOf(batch, field))
  return { dim: field.dim, rows }
}

const chosen = ({ name, schema }: InputStream, column: string | undefined): ModalityField => {
  const fields = schema.modalities.filter(({ layout }) => layout !== 'category')
  const found = column === undefined ? fields : fields.filter(field => field.name === column)
  if (found.length === 1) return found[0]!
  const names = fields.map(field => field.name).join(', ') || 'none'
  throw badData(
    `${name}: columns of vectors: ${names}; expected ${column ?? 'one'}`,
    'write a column of FixedSizeList<float>, or name it: column=NAME',
  )
}

function* rowsOf(batch: Batch, { name, dim }: ModalityField): Generator<Float32Array | undefined> {
  const column = batch.modality(name)
  if (column.layout === 'category' || column.layout === 'views-of-tokens') return
  for (let row = 0; row < batch.rows; row++) {
    const [start, end] =
      column.layout === 'vector' ? [row, row + 1] : [column.offsets[row]!, column.offsets[row + 1]!]
    yield column.present[row] ? column.values.slice(start * dim, end * dim) : undefined
  }
}
