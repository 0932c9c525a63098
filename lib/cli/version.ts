import { readFileSync } from 'node:fs'

/** What package.json says; its dependencies are pinned, so they are what is installed. */
const manifest = (): { version: string; dependencies: Record<string, string> } =>
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

export const version = (): string => manifest().version

/** `pcm-train 0.1.0 (arrow 21.2.0, tfjs 4.22.0, schema 1)`, without loading any of them. */
export const versionLine = (name: string): string => {
  const { version, dependencies } = manifest()
  const { 'apache-arrow': arrow, '@tensorflow/tfjs': tfjs } = dependencies
  return `${name} ${version} (arrow ${arrow}, tfjs ${tfjs}, schema 1)`
}
