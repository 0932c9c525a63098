import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { packageFolder, requireFrom } from '../find-package.js'
import { INSTALL, unavailable } from '../gpu.js'

/** The packages that bind libtensorflow, the GPU one first. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

export interface Located {
  name: (typeof PACKAGES)[number]
  /** Where it lies. */
  folder: string
}

const HINT = `where its library can be downloaded: ${INSTALL.cuda}; else build it (fixtures/recipes/libtensorflow)`

/**
 * Finds a package whose binding is there: in the folder that PCM_LIBTENSORFLOW names and nowhere
 * else, or among the packages installed beside this one. Throws unavailable (69).
 */
export function locateTensorflow(built = process.env.PCM_LIBTENSORFLOW): Located {
  const require = requireFrom(built ? resolve(built) : undefined)
  const incomplete: string[] = []
  for (const name of PACKAGES) {
    const folder = packageFolder(name, require)
    if (folder && hasBinding(folder)) return { name, folder }
    if (folder) incomplete.push(name)
  }
  const where = built ? `PCM_LIBTENSORFLOW=${built}: ` : ''
  throw unavailable(
    incomplete.length > 0
      ? `${where}${incomplete.join(' and ')} came without its library`
      : `${where}no libtensorflow: ${PACKAGES[0]} is not there`,
    HINT,
  )
}

/** True where a package has its compiled binding; without it, loading the package throws. */
function hasBinding(folder: string): boolean {
  const lib = join(folder, 'lib')
  const versions = existsSync(lib) ? readdirSync(lib) : []
  return versions.some(napi => existsSync(join(lib, napi, 'tfjs_binding.node')))
}
