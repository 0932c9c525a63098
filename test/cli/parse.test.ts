import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PcmError } from '../../lib/error.js'
import { parseArguments } from '../../lib/cli/parse.js'
import { options, program } from '../../lib/cli/program.js'

const spec = program({
  name: 'pcm-probe',
  summary: 'parse',
  description: '',
  input: { argument: 'INPUT', short: 'anything' },
  options: options({
    text: { type: 'string', alias: 't', short: '' },
    kind: { type: 'string', choices: ['a', 'b'], default: 'a', short: '' },
    'two-words': { type: 'integer', min: 1, max: 9, default: 5, short: '' },
    rate: { type: 'number', alias: 'r', short: '' },
    many: { type: 'string', alias: 'm', list: 'repeat', short: '' },
    k: { type: 'integer', list: 'comma', default: [1, 5], short: '' },
    quiet: { type: 'boolean', alias: 'q', default: false, short: '' },
    pg: { type: 'boolean', default: true, short: '' },
    progress: { type: 'boolean', short: '' },
    verbose: { type: 'count', alias: 'v', short: '' },
    config: { type: 'string', short: '' },
  }),
  examples: [],
  seeAlso: [],
})

const parse = (...argv: string[]) => parseArguments(spec, argv).args

const refused = (t: Test, argv: string[], message: string | RegExp, hint?: string) => {
  try {
    parse(...argv)
    t.fail(`${argv.join(' ')} is refused`)
  } catch (error) {
    t.match(error, { exit: 64, message, ...(hint && { hint }) }, argv.join(' '))
  }
}

t.test('defaults', async t => {
  t.same(parse(), {
    input: '-',
    inputs: ['-'],
    text: undefined,
    kind: 'a',
    twoWords: 5,
    rate: undefined,
    many: [],
    k: [1, 5],
    quiet: false,
    pg: true,
    progress: undefined,
    verbose: 0,
    config: undefined,
  })
})

t.test('a value may stand apart, behind an equals sign, or behind its letter', async t => {
  for (const argv of [['--text', 'x'], ['--text=x'], ['-t', 'x'], ['-tx'], ['-qtx'], ['-qvt', 'x']])
    t.equal(parse(...argv).text, 'x', argv.join(' '))
  t.equal(parse('--text==a=b').text, '=a=b')
  t.equal(parse('--text', '"quoted"').text, '"quoted"')
  t.equal(parse('--rate', '-1e-3').rate, -0.001)
  t.equal(parse('--rate', '-.5').rate, -0.5)
})

t.test('the bare dash is a name like any other', async t => {
  t.equal(parse('-').input, '-')
  t.equal(parse('-t', '-').text, '-')
  t.ok(parseArguments(spec, ['-']).inputNamed)
  t.notOk(parseArguments(spec, ['-t', '-']).inputNamed)
  t.equal(parse('--', '-x').input, '-x')
  t.equal(parse('007').input, '007', 'and names are never numbers')
})

t.test('lists gather, other options take the last', async t => {
  t.same(parse('-m', 'a,b', 'in', '-m', 'c').many, ['a,b', 'c'])
  t.same(parse('--k', '1,2', '--k', '3').k, [1, 2, 3])
  t.equal(parse('-t', 'x', '-t', 'y').text, 'y')
  t.equal(parse('-vv', '-v').verbose, 3)
  t.equal(parse('--no-pg').pg, false)
  t.equal(parse('--no-progress').progress, false)
  t.equal(parse('--no-quiet', '-q').quiet, true)
})

t.test('what cannot be meant is refused', async t => {
  refused(t, ['--txt', 'x'], 'unknown option --txt', 'did you mean --text? see pcm-probe --help')
  refused(t, ['--bogus'], 'unknown option --bogus', 'see pcm-probe --help')
  refused(t, ['--no-rate', '3'], 'unknown option --no-rate')
  refused(t, ['--nopg'], 'unknown option --nopg', 'did you mean --no-pg? see pcm-probe --help')
  refused(t, ['-x'], 'unknown option -x')
  refused(t, ['--toString'], 'unknown option --toString')
  refused(t, ['--__proto__=1'], 'unknown option --__proto__')
  refused(t, ['--text'], '--text needs a value')
  refused(t, ['--text', '--quiet'], '--text needs a value')
  refused(t, ['--text='], '--text has an empty value')
  refused(t, ['--quiet=yes'], "--quiet takes no value, found 'yes'")
  refused(t, ['--kind', 'c'], "--kind: found 'c', expected one of a, b")
  refused(t, ['a', 'b'], "found a second input 'b', expected one")
})

t.test('numbers are numbers, in range', async t => {
  t.equal(parse('--rate', '1.').rate, 1)
  for (const word of ['foo', 'NaN', 'Infinity', '1e999', '0x10', '1_000', '1,5', ' 1', '.'])
    refused(t, ['--rate', word], /^--rate: found '.*', expected a number$/)
  for (const word of ['0', '10', '1.5', '-3', 'x'])
    refused(t, ['--two-words', word], /^--two-words: found '.*', expected an integer from 1 to 9$/)
  refused(t, ['--k', '1,,2'], "--k: found '', expected an integer")
  refused(t, ['--k', '9007199254740993'], /--k: found/)
})

t.test('a config file fills in what the command line leaves out', async t => {
  const dir = t.testdir({})
  const config = (content: unknown) => {
    const path = join(dir, 'config.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const path = config({ text: 'x', 'two-words': 7, many: ['a', 'b'], pg: false, verbose: 2, k: 3 })
  t.match(parse('--config', path), {
    text: 'x',
    twoWords: 7,
    many: ['a', 'b'],
    pg: false,
    verbose: 2,
    k: [3],
  })
  t.match(parse('--config', path, '-t', 'y', '-m', 'c', '--pg'), {
    text: 'y',
    many: ['c'],
    pg: true,
  })
  const bad = (content: unknown, message: RegExp, hint?: string) =>
    refused(t, ['--config', config(content)], message, hint)
  bad({ txt: 1 }, /config\.json: unknown option 'txt'$/, "did you mean 'text'?")
  bad({ twoWords: 1 }, /unknown option 'twoWords'/, "did you mean 'two-words'?")
  bad({ config: 'x' }, /unknown option 'config'/)
  bad({ 'two-words': 11 }, /config\.json: two-words: found 11, expected an integer from 1 to 9$/)
  bad({ quiet: 'yes' }, /quiet: found 'yes', expected true or false$/)
  bad({ text: null }, /text: found null, expected a string$/)
  bad('[1]', /expected a JSON object of options$/)
  bad('{"text": ', /config\.json: is not JSON/)
  t.throws(() => parse('--config', join(dir, 'none')), new Error(`${dir}/none: no such file`))
})

t.test('any words at all are parsed or refused, never worse', async t => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('-', '--', '-t', '-qv', '--k', '--no-pg', '--many=a', '-m', '--rate', '7', '='),
    fc.string().map(text => `--${text}`),
    fc.string().map(text => `-${text}`),
  )
  const property = fc.property(fc.array(word, { maxLength: 6 }), argv => {
    try {
      parse(...argv)
    } catch (error) {
      if (!(error instanceof PcmError)) throw error
    }
  })
  t.doesNotThrow(() => fc.assert(property, { seed: 1, numRuns: 300 }))
})

t.test('any value comes through as it was written', async t => {
  const property = fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), value => {
    const args = parse(`--text=${value}`, `-m${value}`)
    return args.text === value && args.many[0] === value.replace(/^=/, '')
  })
  t.doesNotThrow(() => fc.assert(property, { seed: 2, numRuns: 300 }))
})
