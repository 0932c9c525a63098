import t from 'tap'
import { outcomeOf } from '../../lib/cli/outcome.js'

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

t.test('memory that there is not is no bug', async t => {
  const MEMORY: unknown[] = [
    thrownBy(() => new Float32Array(2 ** 50)),
    thrownBy(() => new ArrayBuffer(2 ** 52)),
    new RangeError('Array buffer allocation failed'),
    new Error('std::bad_alloc'),
    new Error(
      'Non-zero status code returned: Failed to allocate memory for requested buffer of size 9',
    ),
  ]
  for (const error of MEMORY) {
    const { status, lines } = outcomeOf(error)
    t.equal(status, 74, String(error))
    t.match(lines, [/^out of memory: /, / {2}.*pcm-train --memory/])
  }
  t.equal(outcomeOf(new RangeError('Invalid typed array length: -3')).status, 70, 'a bug stays one')
})
