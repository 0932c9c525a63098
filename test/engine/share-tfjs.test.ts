import t from 'tap'
import { requireFrom } from '../../lib/engine/find-package.js'
import { shareTensorflowJs } from '../../lib/engine/share-tfjs.js'
import { tf } from '../../lib/engine/tf.js'

const withTfjs = (version: string) => ({
  'package.json': '{}',
  node_modules: {
    '@tensorflow': {
      tfjs: {
        'package.json': JSON.stringify({ version, main: 'index.js' }),
        'index.js': 'module.exports = "another copy"',
      },
    },
  },
})

t.test('a package that lies elsewhere gets the TensorFlow.js of this process', async t => {
  const folder = t.testdir(withTfjs(tf.version_core))
  shareTensorflowJs(folder)
  t.equal(requireFrom(folder)('@tensorflow/tfjs'), tf)
})

t.test('a package that was installed with another version is refused', async t => {
  const folder = t.testdir(withTfjs('4.1.0'))
  t.throws(() => shareTensorflowJs(folder), {
    exit: 69,
    message: `${folder} came with @tensorflow/tfjs 4.1.0, expected ${tf.version_core}`,
  })
})

t.test('a package that shares it already is left alone', async t => {
  const folder = t.testdir({ 'package.json': '{}' })
  shareTensorflowJs(folder)
  t.pass('nothing to share')
})
