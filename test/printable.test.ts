import fc from 'fast-check'
import t from 'tap'
import { printable } from '../lib/printable.js'

t.test('no terminal takes any of it for a command', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const shown = printable(text)
      for (const letter of shown)
        if (/\p{Cc}/u.test(letter) && letter !== '\n' && letter !== '\t') return false
      return true
    }),
    { seed: 1 },
  )
  t.equal(printable('\u001b]0;owned\u0007'), '\\u001b]0;owned\\u0007')
  t.equal(printable('a\u202eb\u009bc\u007f'), 'a\\u202eb\\u009bc\\u007f')
  t.equal(printable('naïve 🦊\tx\n'), 'naïve 🦊\tx\n', 'everything else stays')
})

t.test('JSON stays the same JSON', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      return JSON.parse(printable(JSON.stringify(text))) === text
    }),
    { seed: 2 },
  )
  t.pass()
})
