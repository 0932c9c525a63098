import type { Context } from '../../cli/context.js'
import { openEngine } from '../../engine/open.js'
import { badData, badUsage, Exit, type ExitStatus } from '../../error.js'
import { collect } from '../../stream/collect.js'
import { provenance } from '../../stream/provenance.js'
import { openStream, type InputStream } from '../../stream/read.js'
import type { ModalityColumn } from '../../stream/types.js'
import { parseWhere } from '../../stream/where.js'
import { align, decimals } from '../../align.js'
import { checkOneSpace } from '../one-space.js'
import { openSimilarity } from '../open-similarity.js'
import type { EvalArguments } from '../program/program.js'
import { openReport } from '../report/report.js'
import { round } from '../report/round.js'
import { unitColumn } from '../unit-column.js'
import { rowUnit } from '../unit.js'
import type { Vectors } from '../vectors.js'
import { blindPairs } from './blind-pairs.js'

/** `pcm-eval --blind A>B`: a record a pair, then one that says how many there are. */
export const runBlind = async (args: EvalArguments, context: Context): Promise<ExitStatus> => {
  const { format } = args
  if (format === 'ranks') throw badUsage('--blind and --format ranks: there is no ranking')
  const report = await openReport(args.output, format)
  try {
    const where = args.where.map(parseWhere)
    const stream = await openStream(args.input, { expect: ['embeddings', 'features'], where })
    const { ids, sides } = await bothSides(stream, args.blind!)
    const [blind, seeing] = sides
    const work = { dim: blind.dim, queries: blind.count, entries: blind.count }
    const similarity = await openSimilarity({ ...work, work: blind.count ** 2 * blind.dim }, () =>
      openEngine({ device: args.device, threads: context.threads, warn: context.log.warn }),
    )
    const { alike, different, most } = args
    const { pairs, found } = await blindPairs({ blind, seeing, alike, different, most, similarity })
    await similarity.close()
    const rows = pairs.map(pair => ({
      one: ids[pair.one]!,
      other: ids[pair.other]!,
      alike: round(pair.alike),
      different: round(pair.different),
    }))
    for (const row of rows) await report.add(row)
    const sum = { blind: args.blind, items: ids.length, pairs: found, listed: rows.length }
    const protocol = { alike: `cosine above ${alike}`, different: `cosine below ${different}` }
    await report.add({ ...sum, protocol })
    await report.finish({
      table: () =>
        align([
          ['one', 'other', 'alike', 'different'],
          ...rows.map(({ one, other, alike, different }) => [
            ...[one, other, decimals(alike, 3), decimals(different, 3)],
          ]),
        ]) + `\n${found} blind pairs of ${args.blind} among ${ids.length} items\n`,
      provenance: provenance(stream.schema.provenance, context.record(), { noPg: !args.pg }),
      inputs: [stream.summary()],
    })
    return ids.length > 0 ? Exit.done : Exit.noRows
  } catch (error) {
    await report.abort()
    throw error
  }
}

/** The unit vectors of the rows that have both modalities, which need share no space. */
const bothSides = async (stream: InputStream, text: string) => {
  const names = text.split('>')
  if (names.length !== 2 || names[0] === names[1])
    throw badUsage(`--blind ${text}: expected A>B, the modality that is blind and one that sees`)
  const { schema, name } = stream
  const fields = names.map(wanted => {
    const field = schema.modalities.find(field => field.name === wanted)
    const known = schema.modalities.map(({ name }) => name).join(', ')
    if (!field) throw badData(`${name}: there is no modality '${wanted}', only ${known}`)
    checkOneSpace([field], name)
    return field
  })
  const { rows, modalities, others } = await collect(stream, { modalities: names, others: ['id'] })
  const columns = fields.map(field => unitColumn(field, modalities[field.name]!, name))
  const whole = [...Array(rows).keys()].filter(row =>
    columns.every(({ present }) => present[row] === 1),
  )
  return {
    ids: whole.map(row => String(others['id']!.values[row])),
    sides: columns.map((column, i) => vectorsOf(column, fields[i]!.dim, whole)) as [
      Vectors,
      Vectors,
    ],
  }
}

/** A vector a row, the unit mean of its views. */
const vectorsOf = (column: ModalityColumn, dim: number, rows: readonly number[]): Vectors => {
  const values = new Float32Array(rows.length * dim)
  const unit = new Float64Array(dim)
  rows.forEach((row, at) => {
    if (rowUnit(column, row, unit) !== 'absent') values.set(unit, at * dim)
  })
  return { count: rows.length, dim, values }
}
