import type { FusionSize } from '../../../lib/coordinate/fusion/size.js'
import { dot, rowsOf, softmaxOf, total, type Values } from '../derived.js'
import { erf } from '../float64-heads.js'

export type Row = number[]

/** The encoder of METHODS 2.5 for one pair of items, in float64: logits of apart and together. */
export function fused(
  asking: Row[],
  asked: Row[],
  p: Values,
  size: FusionSize,
  masks: Row[] = [],
): number[] {
  const linear = (x: Row, name: string): Row => {
    const bias = Array.from(p[`${name}.bias`]!)
    const weight = rowsOf(p[`${name}.weight`]!, bias.length)
    return bias.map((b, j) => b + total(x.map((value, i) => value * weight[i]![j]!)))
  }
  const norm = (x: Row, name: string): Row => {
    const mean = total(x) / x.length
    const deviation = Math.sqrt(total(x.map(v => (v - mean) ** 2)) / x.length + 1e-5)
    return x.map(
      (v, j) => ((v - mean) / deviation) * p[`${name}.scale`]![j]! + p[`${name}.shift`]![j]!,
    )
  }
  const attend = (from: Row, to: Row[], name: string): Row => {
    const each = size.width / size.heads
    const part = (x: Row, h: number): Row => x.slice(h * each, (h + 1) * each)
    const q = linear(from, `${name}.query`)
    const k = to.map(row => linear(row, `${name}.key`))
    const v = to.map(row => linear(row, `${name}.value`))
    const heads = Array.from({ length: size.heads }, (_, h) => {
      const shares = softmaxOf(k.map(row => dot(part(q, h), part(row, h)) / Math.sqrt(each)))
      return part(v[0]!, h).map((_, j) => total(shares.map((s, i) => s * part(v[i]!, h)[j]!)))
    })
    return linear(heads.flat(), `${name}.out`)
  }
  const gelu = (x: Row): Row => x.map(v => (v / 2) * (1 + erf(v / Math.SQRT2)))
  const project = (x: Row): Row =>
    linear(
      x.map(v => v * Math.sqrt(size.input)),
      'token',
    )
  const keys = asked.map(project)
  let rows = [Array.from(p.start!), ...asking.map(project)]
  const plus = (x: Row, y: Row, mask?: Row): Row =>
    x.map((v, j) => v + y[j]! * (mask ? mask[j]! : 1))
  for (let at = 0; at < size.blocks; at++) {
    const name = `block${at}`
    const [one, two, three] = masks.slice(3 * at)
    const own = rows.map(x => norm(x, `${name}.self-norm`))
    rows = rows.map((x, i) => plus(x, attend(own[i]!, own, `${name}.self`), one))
    rows = rows.map(x => plus(x, attend(norm(x, `${name}.cross-norm`), keys, `${name}.cross`), two))
    rows = rows.map(x => {
      const hidden = gelu(linear(norm(x, `${name}.feed-norm`), `${name}.in`))
      return plus(x, linear(hidden, `${name}.out`), three)
    })
  }
  return linear(norm(rows[0]!, 'norm'), 'match')
}
