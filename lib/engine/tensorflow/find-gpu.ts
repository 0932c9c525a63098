import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** The packages that bind libtensorflow, the GPU one first. */
export const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

/** Folder of an installed package, whether or not its library came with it. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

/** True where a package has its compiled binding; without it, importing throws. */
export const hasBinding = (folder: string): boolean =>
  [8, 9, 10].some(napi => existsSync(join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node')))

/** A cheap look, without loading anything: is there a driver, and a package with its library? */
export function findGpu(): boolean {
  const driver = existsSync('/dev/nvidiactl') || existsSync('/proc/driver/nvidia/version')
  const folder = packageFolder('@tensorflow/tfjs-node-gpu')
  return driver && folder !== undefined && hasBinding(folder)
}
