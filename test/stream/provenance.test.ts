import t from 'tap'
import { inputsOf, parseInputs, parseProvenance, provenance } from '../../lib/stream/provenance.js'
import type { ProvenanceRecord } from '../../lib/stream/types.js'

const earlier: ProvenanceRecord = { pn: 'pcm-extract', vn: '0.1.0', cl: 'pcm-extract x', theirs: 1 }

/** Two runs of the same command on two machines. */
const run = (host: string, threads: number): ProvenanceRecord => ({
  pn: 'pcm-train',
  vn: '0.1.0',
  cl: `pcm-train /home/${host}/f.arrows`,
  seed: 3,
  engine: `onnx (onnxruntime-node 1.30.0, ${threads} threads)`,
  threads,
  host,
  started: `2026-01-01T00:00:0${threads}Z`,
  config: { loss: 'pcmc', epochs: 5, output: `/tmp/${host}`, log: host, threads },
})

t.test('the chain grows at its end and keeps what it does not know', async t => {
  const mine = run('a', 2)
  t.strictSame(provenance([earlier], mine, { noPg: false }), [earlier, mine])
  t.strictSame(parseProvenance(JSON.stringify([earlier, mine])), [earlier, mine])
})

t.test('without provenance two runs leave the same record, which says what was done', async t => {
  const [, one] = provenance([earlier], run('a', 2), { noPg: true })
  const [, two] = provenance([earlier], run('b', 8), { noPg: true })
  t.equal(JSON.stringify(one), JSON.stringify(two))
  t.strictSame(one, {
    pn: 'pcm-train',
    vn: '0.1.0',
    cl: '',
    seed: 3,
    engine: 'onnx',
    config: { loss: 'pcmc', epochs: 5 },
  })
})

t.test('without provenance inputs keep their digests, not their names', async t => {
  const inputs = [{ name: 'f.arrows', rows: 2, digests: { id: '01234567' } }]
  const named = provenance([], run('a', 2), { noPg: false })
  const nameless = provenance([], run('a', 2), { noPg: true })
  t.strictSame(inputsOf(named, inputs), inputs)
  t.strictSame(inputsOf(nameless, inputs), [{ ...inputs[0], name: '' }])
})

t.test('what is no chain is refused', async t => {
  const texts = [
    '',
    'null',
    '{}',
    '[1]',
    '[{}]',
    '[{"pn":"a","vn":1,"cl":""}]',
    '[',
    '['.repeat(1e6),
  ]
  for (const text of texts)
    t.throws(() => parseProvenance(text), { exit: 65, message: /^metadata pcm\.pg/ })
  t.throws(() => parseProvenance(' '.repeat(2 ** 24 + 1)), { message: /longer than 16 MB/ })
  t.throws(() => parseInputs('[{"name":"x","rows":-0.5,"digests":{}}]'), {
    exit: 65,
    message: /pcm.inputs/,
  })
  t.throws(() => parseInputs('[{"name":"x","rows":1}]'), { exit: 65, message: /pcm.inputs/ })
})

t.test('a hostile key stays a key', async t => {
  const [record] = parseProvenance('[{"pn":"a","vn":"1","cl":"","__proto__":{"polluted":1}}]')
  const [, kept] = provenance([earlier], record!, { noPg: true })
  t.equal((kept as { polluted?: number }).polluted, undefined)
  t.match(JSON.stringify(kept), '__proto__')
})
