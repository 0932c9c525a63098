/**
 * The same values, each asked for while the one before is still being worked on: reading goes on
 * during the arithmetic. One value more is in memory. An error comes in its place. Whoever leaves early
 * does not wait for the value that is still on its way: from a pipe it may never come.
 */
export async function* ahead<T>(values: AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = values[Symbol.asyncIterator]()
  const ask = (): Promise<IteratorResult<T>> => {
    const asked = iterator.next()
    // It may fail before anybody waits for it.
    asked.catch(() => {})
    return asked
  }
  let next = ask()
  try {
    for (;;) {
      const { done, value } = await next
      if (done) return
      next = ask()
      yield value
    }
  } finally {
    void iterator.return?.().catch(() => {})
  }
}
