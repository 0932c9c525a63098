import type { Context } from '../../cli/context.js'
import type { Forgiving } from '../../cli/forgiving.js'
import type { rerank as spec } from '../../cli/options/pcm-rerank.js'
import type { Arguments } from '../../cli/program.js'
import { openEngine } from '../../engine/open.js'
import { badData, badUsage, Exit, type ExitStatus } from '../../error.js'
import { type Direction, parseDirection } from '../../retrieve/direction.js'
import { evaluate, type Evaluation } from '../../retrieve/evaluate.js'
import { exactSimilarity } from '../../retrieve/exact-similarity.js'
import { Keys } from '../../retrieve/embeddings.js'
import { metricsOf } from '../../retrieve/metric.js'
import { ranksOutput } from '../../retrieve/ranks/ranks-output.js'
import { itemsOf } from '../../retrieve/uncertainty/items.js'
import { provenance } from '../../stream/provenance.js'
import { type InputStream, openStream } from '../../stream/read.js'
import { parseWhere } from '../../stream/where.js'
import { planEmbedding, stateOf } from '../embed.js'
import { longest } from '../data/tokens.js'
import { Embedder } from '../embedder.js'
import type { FusionDescription } from '../fusion/description.js'
import type { Model } from '../model.js'
import { loadModel } from '../model-stream.js'
import { lateProgram } from './late-program.js'
import type { LocalTokens } from './local-tokens.js'
import { matchProgram } from './match-program.js'
import { rerank } from './rerank.js'
import { Scorer } from './scorer.js'
import { embedTable } from './table.js'

export type RerankArguments = Arguments<typeof spec>

type Output = Awaited<ReturnType<typeof ranksOutput>>

/** pcm-rerank: ranks by cosine, orders the first again, and writes the ranks. */
export const runRerank = async (
  args: RerankArguments,
  context: Context,
  forgiving: Forgiving,
): Promise<ExitStatus> => {
  const output = await ranksOutput(args.output, [])
  try {
    return await rankInto(output, args, context, forgiving)
  } catch (error) {
    await output.abort!()
    throw error
  }
}

async function rankInto(
  output: Output,
  args: RerankArguments,
  context: Context,
  { forgive, tell }: Forgiving,
): Promise<ExitStatus> {
  const { log, threads, progress, record } = context
  const { model, summary } = await loadModel(args.model)
  const where = args.where.map(parseWhere)
  const input = await openStream(args.input, { expect: ['features'], where, forgive })
  const { score } = args
  const late = score === 'late'
  const pairs = late ? model.description.pairs : fusionOf(model, args.model).pairs
  const directions = directionsOf(args.direction, input, model, pairs)
  const column = args.positives
  if (!input.schema.others.some(({ name }) => name === column))
    throw badUsage(`--positives ${column}: no such column in ${input.name}`)
  const engine = await openEngine({ device: args.device, threads, warn: log.warn })
  const bar = progress({ unit: 'direction', total: directions.length })
  try {
    const state = engine.state(stateOf(model))
    const plan = planEmbedding(input, model)
    const needed = new Set(directions.flatMap(each => modalitiesOf(each.direction)))
    const used = { ...plan, modalities: plan.modalities.filter(({ name }) => needed.has(name)) }
    const embedder = new Embedder(engine, model.layout, state, { raw: true })
    const { dim } = model.description
    const others = [...new Set(['id', column])]
    const { table, tokens } = await embedTable(input, used, embedder, dim, others)
    const names = directions.map(({ direction }) => direction.name)
    if (late) checkTokens(tokens, input.name)
    output.begin!({ directions: names, table, items: itemsOf(new Keys(table).of('id'), undefined) })
    const similarity = exactSimilarity()
    const evaluations: Evaluation[] = []
    for (const { direction, pair } of directions) {
      const [a, b] = sidesOf(pair, direction)
      const queryIs = direction.query.parts[0]!.column === a ? 'a' : 'b'
      const program =
        score === 'late'
          ? lateProgram(queryIs)
          : matchProgram(model.layout, fusionOf(model, args.model), pair, score)
      const scorer = await Scorer.open(engine, state, { a: tokens[a]!, b: tokens[b]! }, program)
      const scale = score === 'ratio' ? scaleOf(model, pair) : 0
      const asked = [{ direction, relevance: column }]
      for await (const evaluation of evaluate(table, asked, {
        ...{ metrics: metricsOf(['r@k'], [1]), ties: 'pessimistic', similarity },
        keeper: output.keeper!,
        async visit(task) {
          const { tallies } = output.keeper!.kept.at(-1)!
          await rerank(task, tallies, scorer, { top: args.top, queryIs, scale })
        },
      }))
        evaluations.push(evaluation)
      scorer.dispose()
      bar.update(evaluations.length)
      log.note(comparison(evaluations.at(-1)!, output))
    }
    await output.finish!({
      evaluations,
      ...{ records: [], pairs: [], variances: [], sweeps: [] },
      settings: {
        ...{ ks: [], metrics: [], ties: 'pessimistic', seed: args.seed, where: args.where },
        engine: similarity.engine,
        rerank: { top: args.top, by: late ? 'tokens' : 'itm', score, engine: engine.description },
      },
      provenance: provenance(
        input.schema.provenance,
        { ...record(), engine: engine.description },
        { noPg: !args.pg },
      ),
      inputs: [input.summary(), summary],
    })
    const status = tell()
    return evaluations.some(({ queries }) => queries > 0) ? status : Exit.noRows
  } finally {
    bar.stop()
    await engine.dispose()
  }
}

/** The logit scale that a pair was trained with. */
const scaleOf = ({ logScale, description }: Model, pair: string): number =>
  Math.exp(logScale[logScale.length > 1 ? description.pairs.indexOf(pair) : 0]!)

/** r@1 by cosine alone and after the second look. */
function comparison({ direction, measures }: Evaluation, { keeper }: Output): string {
  const { tallies } = keeper!.kept.at(-1)!
  const hits = tallies.filter(({ greater, equal }) => greater[0] === 0 && equal[0] === 0).length
  const share = (100 * hits) / Math.max(1, tallies.length)
  const before = measures['r@1']
  return `${direction.name}: r@1 ${before?.toFixed(1) ?? '-'} by cosine, ${share.toFixed(1)} after the second look`
}

const fusionOf = ({ description }: Model, path: string): FusionDescription => {
  if (description.fusion) return description.fusion
  throw badData(
    `${path}: the model has no fusion encoder`,
    'train one: pcm-train --pair A+B --term itm; --score late needs none',
  )
}

/** Late interaction of one token with one is the cosine that the search went by. */
function checkTokens(tokens: Readonly<Record<string, LocalTokens>>, source: string): void {
  if (Object.values(tokens).some(({ tokenOffsets }) => longest(tokenOffsets) > 1)) return
  throw badData(
    `${source}: no tokens to compare: the model has one vector of ${Object.keys(tokens).join(' and ')}`,
    'train on features that are tokens, with --term filip or a --pooling',
  )
}

interface Asked {
  direction: Direction
  pair: string
}

function directionsOf(
  wanted: readonly string[],
  { schema, name }: InputStream,
  model: Model,
  pairs: readonly string[],
): Asked[] {
  const there = schema.modalities.filter(field =>
    model.description.modalities.some(known => known.name === field.name),
  )
  const both = (pair: string): Asked[] =>
    there.flatMap(one =>
      there
        .filter(other => pair === `${one.name}+${other.name}`)
        .flatMap(other => [`${one.name}>${other.name}`, `${other.name}>${one.name}`])
        .map(text => ({ direction: parseDirection(text, there), pair })),
    )
  const known = pairs.flatMap(both)
  if (known.length === 0)
    throw badData(`${name}: no pair that the model can compare, which are ${pairs.join(', ')}`)
  if (wanted.length === 0) return known
  return wanted.map(text => {
    const { name: asked } = parseDirection(text, there)
    const found = known.find(({ direction }) => direction.name === asked)
    if (found) return found
    throw badUsage(
      `--direction ${text}: the model cannot compare these two`,
      `it compares: ${known.map(({ direction }) => direction.name).join(', ')}`,
    )
  })
}

const modalitiesOf = ({ query, gallery }: Direction): string[] =>
  [query, gallery].map(({ parts }) => parts[0]!.column)

/** The asked side of a pair, then the asking one. */
const sidesOf = (pair: string, direction: Direction): [string, string] => {
  const [one, two] = modalitiesOf(direction) as [string, string]
  return pair === `${one}+${two}` ? [one, two] : [two, one]
}
