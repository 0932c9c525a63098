/**
 * The terms of METHODS 3.1 to 3.12 once more, in plain float64 loops over rows that share nothing with
 * the code under test. A row takes part in a pair where it has both sides.
 */
import type { Matrix } from './float64.js'

/** A batch as a term sees it; matrices have unit rows. */
export interface Units {
  names: string[]
  of: Record<string, Matrix>
  has(name: string, row: number): boolean
  /** Whether two rows are positives of one another. */
  same(i: number, j: number): boolean
  s: number
  draws: Record<string, ArrayLike<number>>
  /** Unit rows of a teacher, by the modalities it knows, and its logit scale. */
  teacher: Record<string, Matrix>
  teacherScale: number
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0)
const total = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
const range = (n: number): number[] => [...Array(n).keys()]

const logSumExp = (numbers: number[]): number => {
  const largest = Math.max(...numbers)
  return largest + Math.log(total(numbers.map(x => Math.exp(x - largest))))
}

type PairTerm = (
  u: Matrix,
  v: Matrix,
  rows: number[],
  batch: Units,
  names: [string, string],
) => number

/** Mean over the pairs that have two rows. */
const overPairs =
  (loss: PairTerm, counts: (a: string, b: string, batch: Units) => boolean = () => true) =>
  (batch: Units): number => {
    const { names, of, has } = batch
    const found = names.flatMap((a, i) =>
      names.slice(i + 1).flatMap(b => {
        if (!counts(a, b, batch)) return []
        const rows = range(of[a]!.length).filter(r => has(a, r) && has(b, r))
        return rows.length < 2 ? [] : [loss(of[a]!, of[b]!, rows, batch, [a, b])]
      }),
    )
    return found.length === 0 ? 0 : total(found) / found.length
  }

/** -(1/n) sum_i sum_j P_ij lsm(L)_ij over the rows given. */
const soft = (
  rows: number[],
  logit: (i: number, j: number) => number,
  target: (i: number, j: number) => number,
  candidate: (i: number, j: number) => boolean = () => true,
): number =>
  total(
    rows.map(i => {
      const columns = rows.filter(j => candidate(i, j))
      const log = logSumExp(columns.map(j => logit(i, j)))
      return total(columns.map(j => target(i, j) * (log - logit(i, j))))
    }),
  ) / rows.length

const sdm: PairTerm = (u, v, rows, { same }) => {
  const way = (a: Matrix, b: Matrix): number =>
    total(
      rows.map(i => {
        const logits = rows.map(j => 10 * dot(a[i]!, b[j]!))
        const log = logSumExp(logits)
        const matches = rows.filter(j => same(i, j)).length
        return total(
          rows.map((j, k) => {
            const p = Math.exp(logits[k]! - log)
            const q = same(i, j) ? 1 / matches : 0
            return p * (logits[k]! - log - Math.log(q + 1e-8))
          }),
        )
      }),
    ) / rows.length
  return way(u, v) + way(v, u)
}

const cwcl =
  (kernel: 'linear' | 'exp'): PairTerm =>
  (p, q, rows, { s, same }) => {
    const weight = (i: number, j: number): number =>
      kernel === 'linear' ? dot(q[i]!, q[j]!) / 2 + 0.5 : Math.exp((dot(q[i]!, q[j]!) - 1) / 0.1)
    const sums = new Map(rows.map(i => [i, total(rows.map(j => weight(i, j)))]))
    const forth = soft(
      rows,
      (i, j) => s * dot(p[i]!, q[j]!),
      (i, j) => weight(i, j) / sums.get(i)!,
    )
    const back = soft(
      rows,
      (i, j) => s * dot(q[i]!, p[j]!),
      (i, j) => (same(i, j) ? 1 / rows.filter(k => same(i, k)).length : 0),
    )
    return (forth + back) / 2
  }

const distance = (a: number[], b: number[]): number => total(a.map((x, k) => (x - b[k]!) ** 2))

const uniformity = ({ names, of, has }: Units): number => {
  const found = names.flatMap(name => {
    const rows = range(of[name]!.length).filter(r => has(name, r))
    const u = of[name]!
    const powers = rows.flatMap(i => rows.map(j => Math.exp(-2 * distance(u[i]!, u[j]!))))
    return rows.length < 2 ? [] : [Math.log(total(powers) / rows.length)]
  })
  return found.length === 0 ? 0 : total(found) / found.length
}

const crossUniformity: PairTerm = (u, v, rows, { same }) =>
  Math.log(
    Math.max(
      total(
        rows.flatMap(i =>
          rows.filter(j => !same(i, j)).map(j => Math.exp(-2 * distance(u[i]!, v[j]!))),
        ),
      ),
      1e-12,
    ) / rows.length,
  )

const alignment: PairTerm = (u, v, rows) =>
  total(rows.map(i => distance(u[i]!, v[i]!))) / rows.length

const hinge =
  (hardest: boolean): PairTerm =>
  (u, v, rows, { same }) => {
    const way = (a: Matrix, b: Matrix): number =>
      total(
        rows.map(i => {
          const costs = rows
            .filter(j => !same(i, j))
            .map(j => Math.max(0, 0.2 + dot(a[i]!, b[j]!) - dot(a[i]!, b[i]!)))
          return hardest ? Math.max(0, ...costs) : total(costs)
        }),
      ) / rows.length
    return way(u, v) + way(v, u)
  }

/** `all`: every product of rows of the others is a candidate; else those that were drawn. */
const symile =
  (all: boolean) =>
  ({ names, of, has, same, s, draws }: Units): number => {
    const size = of[names[0]!]!.length
    const dim = of[names[0]!]![0]!.length
    const scale = s * dim ** (names.length / 2 - 1)
    const rows = range(size).filter(r => names.every(name => has(name, r)))
    if (rows.length === 0) return 0
    const way = (anchor: string): number => {
      const others = names.filter(name => name !== anchor)
      const logit = (i: number, parts: number[]): number =>
        scale *
        total(
          range(dim).map(k =>
            others.reduce(
              (product, name, at) => product * of[name]![parts[at]!]![k]!,
              of[anchor]![i]![k]!,
            ),
          ),
        )
      const tuples = all
        ? others.reduce<number[][]>(
            (made, _) => made.flatMap(tuple => range(size).map(r => [...tuple, r])),
            [[]],
          )
        : range(size).map(j => others.map(name => draws[`${anchor}>${name}`]![j]!))
      const each = rows.map(i => {
        const wrong = tuples.filter(
          parts => parts.every((r, at) => has(others[at]!, r)) && !parts.every(r => same(i, r)),
        )
        const truth = logit(
          i,
          others.map(() => i),
        )
        return logSumExp([truth, ...wrong.map(parts => logit(i, parts))]) - truth
      })
      return total(each) / rows.length
    }
    return total(names.map(way)) / names.length
  }

const geodesic = (a: number[], b: number[], r: number): number[] => {
  const angle = Math.acos(Math.max(1e-6 - 1, Math.min(1 - 1e-6, dot(a, b))))
  const [x, y] = [Math.sin(r * angle), Math.sin((1 - r) * angle)].map(z => z / Math.sin(angle))
  return a.map((value, k) => x! * value + y! * b[k]!)
}

const m2: PairTerm = (u, v, rows, { s, draws, same }) => {
  const h = u.map((row, i) => geodesic(row, v[i]!, draws.share![0]!))
  const side = (x: Matrix, y: Matrix): number =>
    soft(
      rows,
      (i, j) => s * dot(x[i]!, i === j ? y[i]! : h[j]!),
      (i, j) => Number(i === j),
      (i, j) => i === j || !same(i, j),
    )
  return side(u, v) + side(v, u)
}

const mirror =
  (which: 'first' | 'second' | 'both'): PairTerm =>
  (u, v, rows, { s, draws }) => {
    const r = draws.share![0]!
    const back = (i: number): number => u.length - 1 - i
    const mixed = (x: Matrix): Matrix => x.map((row, i) => geodesic(row, x[back(i)]!, r))
    const [a, b] = [which === 'second' ? u : mixed(u), which === 'first' ? v : mixed(v)]
    const there = rows.filter(i => rows.includes(back(i)))
    if (there.length === 0) return 0
    const [own, other] = which === 'both' ? [1, 1] : [r, 1 - r]
    const target = (i: number, j: number): number =>
      own * Number(i === j) + other * Number(j === back(i))
    const way = (x: Matrix, y: Matrix): number =>
      soft(there, (i, j) => s * dot(x[i]!, y[j]!), target)
    return (way(a, b) + way(b, a)) / 2
  }

const oneToK =
  (form: 'balanced' | 'released') =>
  ({ names, of, has, same, s }: Units): number => {
    const [anchor, ...others] = names as [string, ...string[]]
    const rows = range(of[anchor]!.length)
    const logit = (i: number, name: string, j: number): number =>
      s * dot(of[anchor]![i]!, of[name]![j]!)
    let [outward, inward, items] = [0, 0, 0]
    for (const i of rows.filter(r => has(anchor, r))) {
      const columns = others.flatMap(name =>
        rows.filter(j => has(name, j) && (i === j || !same(i, j))).map(j => logit(i, name, j)),
      )
      for (const name of others.filter(name => has(name, i)))
        outward += logSumExp(columns) - logit(i, name, i)
    }
    for (const name of others)
      for (const j of rows.filter(r => has(name, r) && has(anchor, r))) {
        const columns = rows.filter(i => has(anchor, i) && (i === j || !same(i, j)))
        inward += logSumExp(columns.map(i => logit(i, name, j))) - logit(j, name, j)
        items++
      }
    const anchors = rows.filter(r => has(anchor, r)).length
    if (items === 0) return 0
    const k = items / anchors
    return form === 'released'
      ? (outward / anchors + inward / items) / 2 / k
      : (outward / anchors / k + inward / items) / 2
  }

/** Pairs of which the teacher knows both sides. */
const taught = (a: string, b: string, { teacher }: Units): boolean => !!teacher[a] && !!teacher[b]

const modX: PairTerm = (u, v, rows, { s, same, teacher, teacherScale }, [a, b]) => {
  const way = (x: Matrix, y: Matrix, x0: Matrix, y0: Matrix): number =>
    total(
      rows.map(i => {
        const [old, now] = [
          rows.map(j => teacherScale * dot(x0[i]!, y0[j]!)),
          rows.map(j => s * dot(x[i]!, y[j]!)),
        ]
        const best = rows[old.indexOf(Math.max(...old))]!
        if (!same(i, best)) return 0
        const [lse0, lse] = [logSumExp(old), logSumExp(now)]
        return total(
          rows.map((_, k) => Math.exp(old[k]! - lse0) * (old[k]! - lse0 - (now[k]! - lse))),
        )
      }),
    ) / rows.length
  return way(u, v, teacher[a]!, teacher[b]!) + way(v, u, teacher[b]!, teacher[a]!)
}

const dbl =
  (form: 'absolute' | 'relative' | 'both'): PairTerm =>
  (u, v, rows, { same, teacher }, [a, b]) => {
    const way = (x: Matrix, y: Matrix, x0: Matrix, y0: Matrix): number =>
      total(
        rows.map(i => {
          const others = rows.filter(j => !same(i, j))
          const now = (j: number): number => dot(x[i]!, y[j]!)
          const old = (j: number): number => dot(x0[i]!, y0[j]!)
          const absolute =
            Math.max(0, 0.1 + old(i) - now(i)) +
            Math.max(0, ...others.map(j => 0.1 + now(j) - old(j)))
          const relative = Math.max(
            0,
            ...others.map(j => 0.2 + (old(i) - old(j)) - (now(i) - now(j))),
          )
          return (form === 'relative' ? 0 : absolute) + (form === 'absolute' ? 0 : relative)
        }),
      ) / rows.length
    return way(u, v, teacher[a]!, teacher[b]!) + way(v, u, teacher[b]!, teacher[a]!)
  }

/** What the teacher knows of the pair; else its cosines between the shared modality and another. */
const openshape: PairTerm = (u, v, rows, { s, same, has, teacher }, [a, b]) => {
  const known = Object.keys(teacher)
  const shared = known.find(name => name === a || name === b)!
  const [p, q] = teacher[a] && teacher[b] ? [a, b] : [shared, known.find(name => name !== shared)!]
  const way = (x: Matrix, y: Matrix, x0: Matrix, y0: Matrix): number =>
    soft(
      rows,
      (i, j) => s * dot(x[i]!, y[j]!),
      (i, j) => (same(i, j) ? 1 / rows.filter(k => same(i, k)).length : 0),
      (i, j) =>
        same(i, j) ||
        [i, j].some(r => !has(p, r) || !has(q, r)) ||
        dot(x0[i]!, y0[i]!) - dot(x0[i]!, y0[j]!) > 0.1,
    )
  return (way(u, v, teacher[p]!, teacher[q]!) + way(v, u, teacher[q]!, teacher[p]!)) / 2
}

const xbt = ({ names, of, has, same, s, teacher }: Units): number => {
  const found = names
    .filter(name => teacher[name])
    .flatMap(name => {
      const [u, o] = [of[name]!, teacher[name]!]
      const rows = range(u.length).filter(r => has(name, r))
      const way = (x: Matrix, y: Matrix): number =>
        soft(
          rows,
          (i, j) => s * dot(x[i]!, y[j]!),
          (i, j) => (same(i, j) ? 1 / rows.filter(k => same(i, k)).length : 0),
        )
      const cosine = total(rows.map(i => dot(u[i]!, o[i]!))) / rows.length
      return rows.length < 2 ? [] : [1 - cosine + (way(u, o) + way(o, u)) / 2]
    })
  return found.length === 0 ? 0 : total(found) / found.length
}

/** By the text that asks for the term. */
export const TRUTHS: Record<string, (batch: Units) => number> = {
  'sdm,temperature=0.1': overPairs(sdm),
  cwcl: overPairs(cwcl('linear')),
  'cwcl,kernel=exp': overPairs(cwcl('exp')),
  'cwcl,trust=first': overPairs((u, v, ...rest) => cwcl('linear')(v, u, ...rest)),
  'cwcl,trust=both': overPairs(
    (u, v, ...rest) => (cwcl('linear')(u, v, ...rest) + cwcl('linear')(v, u, ...rest)) / 2,
  ),
  hinge: overPairs((u, v, rows, batch, names) =>
    hinge(batch.draws.hardest![0] === 1)(u, v, rows, batch, names),
  ),
  'one-to-k': oneToK('balanced'),
  'one-to-k,form=released': oneToK('released'),
  symile: symile(false),
  'symile,negatives=n-squared': symile(true),
  uniformity,
  'cross-uniformity': overPairs(crossUniformity),
  alignment: overPairs(alignment),
  mixup: overPairs(m2),
  'mixup,kind=first': overPairs(mirror('first')),
  'mixup,kind=second': overPairs(mirror('second')),
  'mixup,kind=both': overPairs(mirror('both')),
  'mod-x': overPairs(modX, taught),
  dbl: overPairs(dbl('both'), taught),
  'dbl,form=absolute': overPairs(dbl('absolute'), taught),
  'dbl,form=relative': overPairs(dbl('relative'), taught),
  openshape: overPairs(openshape),
  xbt,
}
