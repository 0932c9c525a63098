import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'
import { root } from '../../sandbox.js'

/** Where the assembled kernel lies, as TypeScript. */
export const KERNEL = join(root, 'lib/retrieve/count/kernel.ts')

/** The module that `kernel.ts` is to be: the bytes of `kernel.wat`. */
export const kernelModule = async (): Promise<string> => {
  const text = await readFile(join(root, 'lib/retrieve/count/kernel.wat'), 'utf8')
  const { parseWat } = await wabt()
  const { buffer } = parseWat('kernel.wat', text).toBinary({})
  const base64 = Buffer.from(buffer).toString('base64')
  const lines = base64.match(/.{1,88}/g)!.map(line => `  '${line}',`)
  return `/** Made of kernel.wat by \`npm run kernel\`: a WebAssembly module, as Base64. */
export const KERNEL = [
${lines.join('\n')}
].join('')
`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(KERNEL, await kernelModule())
