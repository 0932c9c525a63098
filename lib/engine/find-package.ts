import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Loads and looks up CommonJS packages from a folder, or from where pcm-toolkit is installed. */
export const requireFrom = (folder?: string): NodeJS.Require =>
  createRequire(folder === undefined ? import.meta.url : join(folder, 'package.json'))

/** Folder of an installed package, whether or not it is complete. */
export function packageFolder(name: string, require: NodeJS.Require): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}
