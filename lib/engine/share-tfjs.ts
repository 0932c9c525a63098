import { packageFolder, requireFrom } from './find-package.js'
import { unavailable } from './gpu.js'

const SHARED = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'] as const

/**
 * Makes a package that lies elsewhere use the TensorFlow.js of this process. With a copy of its own
 * it would put its kernels into the one registry and then take our tensors for something else:
 * TensorScatterUpdate of the cpu backend, for one, gives zeros. `folder` is the package's. Throws
 * unavailable (69) where it was installed with another version.
 */
export function shareTensorflowJs(folder: string): void {
  const ours = requireFrom(packageFolder('@tensorflow/tfjs', requireFrom()))
  const theirs = requireFrom(folder)
  for (const name of SHARED) {
    const [here, there] = [resolved(ours, name), resolved(theirs, name)]
    if (!here || !there || here === there) continue
    const [expected, found] = [versionOf(ours, name), versionOf(theirs, name)]
    if (found !== expected)
      throw unavailable(
        `${folder} came with ${name} ${found}, expected ${expected}`,
        `install what goes with ${name} ${expected}`,
      )
    ours(name)
    theirs.cache[there] = ours.cache[here]
  }
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

const versionOf = (require: NodeJS.Require, name: string): string =>
  (require(`${name}/package.json`) as { version: string }).version
