import t from 'tap'
import { nearest } from '../lib/nearest.js'

const words = ['epochs', 'device', 'dim', 'dropout', 'decay', 'seed', 'where']

t.test('a slip of the finger is understood', async t => {
  for (const [written, meant] of [
    ['epoch', 'epochs'],
    ['epocsh', 'epochs'],
    ['devise', 'device'],
    ['dropuot', 'dropout'],
    ['wehre', 'where'],
    ['dimm', 'dim'],
    ['drop', 'dropout'],
  ] as const)
    t.equal(nearest(written, words), meant)
})

t.test('another word is not', async t => {
  for (const written of ['banana', 'x', '', 'de', 'epochs-per-second'])
    t.equal(nearest(written, words), undefined, written)
})
