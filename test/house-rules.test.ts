import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { programs } from '../lib/cli/programs.js'
import { root } from './sandbox.js'

/** Every TypeScript file under a folder of the repository, by its path from the root. */
const sources = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .sort()
      .map(name => [join(folder, name), readFileSync(join(root, folder, name), 'utf8')]),
  )

const bin = sources('bin')
const lib = sources('lib')
const all = new Map([...bin, ...lib])

const withoutComments = (source: string): string => source.replace(/^ *(\/\*| \*|\/\/).*$/gm, '')

/** The modules that a source loads before it runs; types cost nothing, `import()` comes later. */
const staticImports = (source: string): string[] =>
  [
    ...withoutComments(source).matchAll(
      /^(?:import|export)\s(?!type\s)[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm,
    ),
  ]
    .filter(([statement]) => !/^(?:import|export)\s*\{(?:\s*type\s[^,}]+,?)+\s*\}/.test(statement))
    .map(([, from, bare]) => (from ?? bare)!)

/** What a source depends on when it runs, now or later. */
const dependencies = (source: string): string[] => [
  ...staticImports(source),
  ...[...withoutComments(source).matchAll(/import\(\s*'([^']+)'/g)].map(([, name]) => name!),
]

/** The repository path of a relative import. */
const resolve = (file: string, name: string): string =>
  relative(root, join(root, dirname(file), name)).replace(/\.js$/, '.ts')

const lineCount = (source: string): number => source.trimEnd().split('\n').length

t.test('the process is ended in one place only', async t => {
  const files = [...all].filter(([, source]) => /process\.exit\(/.test(source))
  t.same(
    files.map(([file]) => file),
    ['lib/cli/leave.ts'],
  )
})

t.test('nobody prints around the streams and the log', async t => {
  for (const [file, source] of all) if (/console\.\w+\(/.test(source)) t.fail(file)
  t.pass(`${all.size} files`)
})

t.test('files hold one idea', async t => {
  const isTable = (file: string) => file.startsWith('lib/cli/options/')
  for (const [file, source] of bin)
    if (lineCount(source) > 120) t.fail(`${file} has ${lineCount(source)} lines, at most 120`)
  for (const [file, source] of lib)
    if (lineCount(source) > 250 && !isTable(file))
      t.fail(`${file} has ${lineCount(source)} lines, at most 250`)
  for (const file of all.keys())
    t.match(file, /^[a-z0-9/.-]+\.ts$/, `${file} has a name in kebab-case`)
})

/** What each part of lib/ may import from; errors and types are everybody's. */
const MAY_IMPORT: Record<string, string[]> = {
  stream: [],
  threads: [],
  engine: [],
  // Tables have their columns as streams have them.
  formats: ['stream'],
  cli: [],
  // Man pages are made of the tables of options and of methods.
  manual: ['cli', 'coordinate'],
  extract: ['formats', 'stream', 'engine', 'threads'],
  streams: ['stream'],
  // Foreign tables and arrays are read as pcm-extract reads them.
  convert: ['extract', 'formats', 'stream'],
  // Training chooses the best model by the retrieval of the validation rows.
  coordinate: ['engine', 'stream', 'formats', 'retrieve', 'threads'],
  html: [],
  charts: ['html'],
  report: ['charts', 'html'],
  plot: ['charts', 'report', 'stream', 'streams', 'formats', 'retrieve'],
  retrieve: ['engine', 'stream', 'formats', 'charts', 'html', 'report', 'threads'],
  zeroshot: ['engine', 'stream', 'formats', 'retrieve'],
}

t.test('imports point one way', async t => {
  for (const [file, source] of lib) {
    const part = file.split('/')[1]!
    const allowed = MAY_IMPORT[part]
    if (!allowed) continue
    for (const name of dependencies(source).filter(name => name.startsWith('.'))) {
      const target = resolve(file, name).split('/')
      const shared = target.length === 2
      if (target[0] !== 'lib' || !(shared || target[1] === part || allowed.includes(target[1]!)))
        t.fail(`${file} imports ${name}`)
    }
  }
  t.pass(`${lib.size} files`)
})

t.test('Arrow objects stay in lib/stream', async t => {
  for (const [file, source] of all)
    if (!file.startsWith('lib/stream/') && dependencies(source).includes('apache-arrow'))
      t.fail(file)
  t.pass(`${all.size} files`)
})

/** Packages that take longer to load than help takes to print. */
const HEAVY =
  /^(apache-arrow|@tensorflow\/|onnxruntime|sharp|yargs$|cli-progress|vega|umap-js|ml-matrix|@resvg)/

t.test('help and misuse load nothing heavy', async t => {
  t.equal(bin.size, programs.length, 'every program')
  for (const start of bin.keys()) {
    const seen = new Set([start])
    for (const file of seen)
      for (const name of staticImports(all.get(file) ?? '')) {
        if (HEAVY.test(name)) t.fail(`${start} loads ${name} through ${file}`)
        if (name.startsWith('.')) seen.add(resolve(file, name))
      }
    t.pass(`${start}: ${seen.size} files`)
  }
})
