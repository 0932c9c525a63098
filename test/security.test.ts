import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from './sandbox.js'

interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  hasInstallScript?: true
  link?: true
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  string,
  Record<string, string> | undefined
>
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')

/** Why each package that runs something when it is installed may do so. */
const INSTALL_SCRIPTS: Record<string, string> = {
  '@tensorflow/tfjs-node-gpu': 'fetches libtensorflow; optional, and left out where it cannot',
  'core-js': 'prints a notice; comes with @tensorflow/tfjs',
  'onnxruntime-node':
    'fetches CUDA libraries where it is told to; those for the processor come along',
}

t.test('only known packages run anything when they are installed', async t => {
  const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript)
  t.same(
    scripts.map(([path]) => path.replace(/^.*node_modules\//, '')).sort(),
    Object.keys(INSTALL_SCRIPTS).sort(),
  )
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const told = readme.split('\n').find(line => line.includes('--ignore-scripts'))
  for (const name of Object.keys(INSTALL_SCRIPTS)) t.match(told, `\`${name}\``, 'and told of')
})

t.test('what is installed is what was locked: from the registry, with a hash', async t => {
  for (const [path, { resolved, integrity, link }] of packages) {
    if (link) t.fail(`${path} is a link`)
    if (!integrity?.startsWith('sha512-') && !integrity?.startsWith('sha1-'))
      t.fail(`${path} has no hash`)
    if (resolved && !resolved.startsWith('https://registry.npmjs.org/'))
      t.fail(`${path} comes from ${resolved}`)
  }
  t.pass(`${packages.length} packages`)
})

t.test('dependencies are exact versions', async t => {
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
    for (const [name, version] of Object.entries(manifest[kind] ?? {}))
      t.match(version, /^\d+\.\d+\.\d+$/, `${name} ${version}`)
})

const sources = ['bin', 'lib'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name)),
)

/** Where another program is started: by the words of the command line, and by nothing else. */
const STARTS = ['lib/extract/encoders/command/run-program.ts']

t.test('nothing that was read is executed', async t => {
  for (const file of sources) {
    const source = readFileSync(join(root, file), 'utf8')
    if (/(?<![-\w])eval\(|new Function\(|['"](node:)?vm['"]/.test(source))
      t.fail(`${file} runs text as code`)
    if (/['"](node:)?child_process['"]|['"]execa['"]/.test(source) && !STARTS.includes(file))
      t.fail(`${file} starts programs`)
  }
  t.pass(`${sources.length} files`)
})
