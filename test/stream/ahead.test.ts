import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { ahead } from '../../lib/stream/ahead.js'

t.test(
  'the same values in the same order, the next asked for before the last is done with',
  async t => {
    const asked: number[] = []
    async function* numbers() {
      for (let n = 0; n < 4; n++) {
        asked.push(n)
        yield n
      }
    }
    const got: number[] = []
    for await (const n of ahead(numbers())) {
      got.push(n)
      t.strictSame(asked.slice(0, n + 2), [0, 1, 2, 3].slice(0, n + 2), 'one ahead')
      t.ok(asked.length <= n + 2, 'and no more than one')
    }
    t.strictSame(got, [0, 1, 2, 3])
  },
)

t.test('an error comes in its place', async t => {
  async function* numbers() {
    yield 1
    throw new Error('the second')
  }
  const got: number[] = []
  const all = async () => {
    for await (const n of ahead(numbers())) got.push(n)
  }
  await t.rejects(all(), { message: 'the second' })
  t.strictSame(got, [1])
})

t.test('whoever leaves early closes the source', async t => {
  let closed = false
  async function* numbers() {
    try {
      for (let n = 0; ; n++) yield n
    } finally {
      closed = true
    }
  }
  for await (const n of ahead(numbers())) if (n === 2) break
  await setImmediate()
  t.ok(closed)
})

t.test('whoever leaves early does not wait for a value that never comes', async t => {
  async function* numbers() {
    yield 1
    await new Promise(() => {})
  }
  for await (const n of ahead(numbers())) {
    t.equal(n, 1)
    break
  }
})
