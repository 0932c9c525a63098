import { badData } from '../error.js'
import { bytesOf, type Cells, cells, type Form } from './arrow/cells.js'
import type { Plan } from './arrow/plan.js'
import { Batch } from './batch.js'
import { checkValues } from './check-values.js'
import type { InputSummary } from './closing.js'
import { encodeTexts } from './encode-other.js'
import { named } from './named.js'
import { viewAs } from './number-format.js'
import { openStream } from './read.js'
import type { Sink } from './sink.js'
import type { OtherField, ProvenanceRecord } from './types.js'
import { createStream } from './write.js'

/** One tensor of a model; `data` is row-major and has as many numbers as `shape` says. */
export interface Parameter {
  name: string
  shape: number[]
  data: Float32Array
}

export interface Model {
  parameters: Map<string, Parameter>
  /** Schema metadata: everything beside the numbers that embedding needs. */
  metadata: Map<string, string>
  provenance: ProvenanceRecord[]
  summary: InputSummary
}

const NUMBERS: Form = { kind: 'list', child: { kind: 'fixed', bytes: 4 } }

/** Writes a model: one row, and one record batch, a parameter. Finishes the sink. */
export const writeModel = async (
  sink: Sink,
  model: {
    parameters: Iterable<Parameter>
    metadata: Record<string, string>
    provenance: ProvenanceRecord[]
  },
  inputs: readonly InputSummary[] = [],
): Promise<void> => {
  const { modelFields } = await import('./arrow/model-fields.js')
  const fields = modelFields()
  const stream = createStream(sink, {
    content: 'model',
    modalities: [],
    others: fields,
    provenance: model.provenance,
    metadata: new Map(Object.entries(model.metadata)),
  })
  for (const parameter of model.parameters)
    await stream.write({ rows: 1, from: rowOf(parameter, fields) })
  await stream.finish(inputs)
}

/** Reads a model and checks it: names once, shapes that fit the data, finite numbers. */
export const readModel = async (path: string): Promise<Model> => {
  const stream = await openStream(path, { expect: ['model'] })
  const parameters = new Map<string, Parameter>()
  for await (const batch of stream)
    named(stream.name, () => {
      for (const parameter of parametersOf(batch)) {
        if (parameters.has(parameter.name)) throw badData(`two parameters '${parameter.name}'`)
        parameters.set(parameter.name, parameter)
      }
    })
  const { metadata, provenance } = stream.schema
  return { parameters, metadata, provenance, summary: stream.summary() }
}

function* parametersOf(batch: Batch): Generator<Parameter> {
  const shapes = numbersOf(batch, 'shape')
  const datas = numbersOf(batch, 'data')
  const names = batch.other('name').values
  const allShapes = viewAs('int32', shapes.children[0]!.data)
  const allData = viewAs('float32', datas.children[0]!.data)
  for (let row = 0; row < batch.rows; row++) {
    const name = String(names[row])
    const shape = [...allShapes.subarray(shapes.offsets[row], shapes.offsets[row + 1])]
    const data = allData.slice(datas.offsets[row], datas.offsets[row + 1])
    named(`parameter '${name}'`, () => check(shape, data))
    yield { name, shape, data }
  }
}

const numbersOf = (batch: Batch, name: string): Cells => {
  const column = batch.cells(name)
  if (JSON.stringify(column.form) !== JSON.stringify(NUMBERS) || column.children[0]!.nulls > 0)
    throw badData(`column '${name}' is no list of numbers, so this is no model`)
  return column
}

const check = (shape: number[], data: Float32Array): void => {
  const size = shape.reduce((a, b) => a * b, 1)
  if (shape.some(side => side < 0) || size !== data.length)
    throw badData(`shape [${shape}] needs ${size} numbers, found ${data.length}`)
  const whole = { dim: data.length, unit: false, float: 'float32' } as const
  if (data.length > 0) checkValues(data, whole, () => 'data')
}

/** A batch of one row, for the writer to copy from. */
const rowOf = ({ name, shape, data }: Parameter, fields: OtherField[]): Batch => {
  const columns = new Map([
    ['name', encodeTexts([name])],
    ['shape', oneList(Int32Array.from(shape))],
    ['data', oneList(data)],
  ])
  const adapt = (column: Cells) => column
  const plans = fields.map(other => {
    const plan: Plan = { other, form: columns.get(other.name)!.form, format: undefined, adapt }
    return [other.name, plan] as const
  })
  return new Batch({
    source: 'model',
    plans: new Map(plans),
    rows: 1,
    firstRow: 0,
    column: column => columns.get(column)!,
    streamRow: row => row,
  })
}

const oneList = (numbers: Int32Array | Float32Array): Cells => {
  const child = cells({ kind: 'fixed', bytes: 4 }, numbers.length, { data: bytesOf(numbers) })
  return cells(NUMBERS, 1, { offsets: Int32Array.of(0, numbers.length), children: [child] })
}
