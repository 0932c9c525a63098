/** Module hooks (node:module `register`): a file of bin/ gets captured-run.js for lib/cli/run.js. */

interface Resolved {
  url: string
}

interface Importer {
  parentURL?: string
}

const stand = new URL('./captured-run.js', import.meta.url).href
const bin = new URL('../../../bin/', import.meta.url).href
const real = new URL('../../../lib/cli/run.js', import.meta.url).href

export const resolve = async (
  specifier: string,
  importer: Importer,
  next: (specifier: string, importer: Importer) => Promise<Resolved>,
): Promise<Resolved> => {
  const found = await next(specifier, importer)
  return found.url === real && importer.parentURL?.startsWith(bin)
    ? { ...found, url: stand }
    : found
}
