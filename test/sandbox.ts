import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programs } from '../lib/cli/programs.js'
import { plainNodeCommand } from './plain-node.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** An empty folder where `fixtures/` can be read and the programs are found by name. */
export interface Sandbox {
  folder: string
  env: Record<string, string>
  remove(): void
}

export const openSandbox = (): Sandbox => {
  const base = mkdtempSync(join(tmpdir(), 'pcm-test-'))
  const folder = join(base, 'work')
  const bin = join(base, 'bin')
  mkdirSync(folder)
  mkdirSync(bin)
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'))
  for (const { name } of programs) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${plainNodeCommand(built(name))} "$@"\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return {
    folder,
    env: { PATH: `${bin}:${process.env['PATH']}`, LC_ALL: 'C', CI: '1' },
    remove: () => rmSync(base, { recursive: true, force: true }),
  }
}

/** Where a program lies once it has been compiled. */
const built = (name: string): string => join(root, 'dist', 'bin', `${name}.js`)

/** Programs that are not there to be run, so that a test can say what it did not do. */
export const missingPrograms = (): string[] =>
  programs.map(({ name }) => name).filter(name => !existsSync(built(name)))
