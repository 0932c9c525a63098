import t from 'tap'
import { lateProgram } from '../../../lib/coordinate/rerank/late-program.js'
import type { Sides } from '../../../lib/coordinate/rerank/scorer.js'
import { BLOCK } from '../../../lib/coordinate/rerank/sequences.js'
import { both } from '../../engine/compute.js'
import { integers, reals } from '../../engine/numbers.js'
import { dot, rowsOf, total, unitOf } from '../derived.js'

t.teardown(async () => await both().onnx.dispose())

const [TOKENS, DIM]: [Sides<number>, number] = [{ a: 4, b: 3 }, 5]

/** Sequences of one token or more, with numbers in the padding that would win if they counted. */
const sideOf = (tokens: number, seed: number) => {
  const lengths = integers(BLOCK, seed, 1, tokens)
  const x = reals(BLOCK * tokens * DIM, seed + 1, -1, 1)
  const isPadding = (i: number): boolean =>
    Math.floor(i / DIM) % tokens >= lengths[Math.floor(i / DIM / tokens)]!
  return { lengths, x: x.map((value, i) => (isPadding(i) ? 9 : value)) }
}

const [a, b] = [sideOf(TOKENS.a, 1), sideOf(TOKENS.b, 2)]

const tokensOf = ({ lengths, x }: typeof a, tokens: number, item: number): number[][] =>
  rowsOf(x.subarray(item * tokens * DIM, (item * tokens + lengths[item]!) * DIM), DIM).map(unitOf)

for (const queryIs of ['a', 'b'] as const)
  t.test(`late interaction, ${queryIs} asking: a double loop over the tokens`, async t => {
    const wanted = Array.from({ length: BLOCK }, (_, item) => {
      const [x, y] = [tokensOf(a, TOKENS.a, item), tokensOf(b, TOKENS.b, item)]
      const [query, entry] = queryIs === 'a' ? [x, y] : [y, x]
      return total(query.map(k => Math.max(...entry.map(r => dot(k, r))))) / query.length
    })
    for (const engine of Object.values(both())) {
      const state = engine.state({})
      const compiled = await engine.compile(lateProgram(queryIs)(TOKENS, DIM), state)
      const { score } = await compiled.run({
        ...{ a: a.x, aLengths: a.lengths },
        ...{ b: b.x, bLengths: b.lengths },
      })
      const worst = Math.max(...wanted.map((x, i) => Math.abs(x - score![i]!)))
      t.ok(worst < 1e-5, `${engine.name}: ${worst}`)
      compiled.dispose()
      state.dispose()
    }
  })
