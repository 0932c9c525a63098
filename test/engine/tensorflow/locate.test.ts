import t from 'tap'
import { locateTensorflow } from '../../../lib/engine/tensorflow/locate.js'

const GPU = '@tensorflow/tfjs-node-gpu'
const CPU = '@tensorflow/tfjs-node'

const installed = (name: string, files: object = {}) => ({
  node_modules: { '@tensorflow': { [name.split('/')[1]!]: { 'package.json': '{}', ...files } } },
})

const bound = () => ({ lib: { 'napi-v8': { 'tfjs_binding.node': '' } } })

t.test('a package is there when its library is', async t => {
  const folder = t.testdir(installed(CPU, bound()))
  t.equal(locateTensorflow(folder).name, CPU)
})

t.test('a package that came without its library counts as absent', async t => {
  const folder = t.testdir(installed(GPU))
  t.throws(() => locateTensorflow(folder), {
    exit: 69,
    message: `PCM_LIBTENSORFLOW=${folder}: ${GPU} came without its library`,
    hint: /npm install/,
  })
})

t.test('the GPU package goes first, but not without its library', async t => {
  const both = (gpu: object) => ({
    node_modules: {
      '@tensorflow': {
        'tfjs-node-gpu': { 'package.json': '{}', ...gpu },
        'tfjs-node': { 'package.json': '{}', ...bound() },
      },
    },
  })
  t.equal(locateTensorflow(t.testdir(both(bound()))).name, GPU)
  t.equal(locateTensorflow(t.testdir(both({}))).name, CPU)
})

t.test('a folder without packages is named', async t => {
  const folder = t.testdir({})
  t.throws(() => locateTensorflow(folder), {
    exit: 69,
    message: `PCM_LIBTENSORFLOW=${folder}: no libtensorflow: ${GPU} is not there`,
  })
})
