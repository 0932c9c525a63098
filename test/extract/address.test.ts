import t from 'tap'
import { parseColumn, parseModality } from '../../lib/extract/address.js'

const source = (text: string) => parseModality(`x=text:${text}`).source

t.test('the examples of the design', t => {
  t.match(parseModality('photo=image:file@onnx:net.onnx,pool=cls,size=224'), {
    name: 'photo',
    kind: 'image',
    source: { from: 'columns', columns: [{ type: 'name', name: 'file' }] },
    encoder: { name: 'onnx', argument: 'net.onnx' },
    options: new Map([
      ['pool', 'cls'],
      ['size', '224'],
    ]),
  })
  t.match(source('cap1..cap5@ngram'), {
    columns: [{ type: 'range', first: 'cap1', last: 'cap5' }],
  })
  t.same(parseModality('a=vector:LandUse_21.mat::X.0').source, {
    from: 'array',
    path: 'LandUse_21.mat',
    selector: 'X.0',
  })
  const transposed = parseModality('b=vector:BDGP.mat::data.1,t')
  t.equal(transposed.options.get('t'), true)
  t.match(parseModality('attr=vector:attr_*').source, {
    columns: [{ type: 'glob', glob: 'attr_*' }],
  })
  t.end()
})

t.test('split at the first =, the first :, the last @, then commas; the rest is escaped', t => {
  const address = parseModality('x=text:user@host@ngram,dim=64')
  t.match(address, { encoder: { name: 'ngram' }, source: { columns: [{ name: 'user@host' }] } })
  t.match(source('a%2Cb%40c%25'), { columns: [{ name: 'a,b@c%' }] })
  t.match(parseModality('v=vector:/a=b/c:d%2Ce.npy').source, { path: '/a=b/c:d,e.npy' })
  t.match(source('a+b'), { columns: [{ name: 'a' }, { name: 'b' }] })
  t.match(parseColumn('label=dir/x.npz::y'), { source: { path: 'dir/x.npz', selector: 'y' } })
  t.end()
})

t.test('what cannot be meant is refused', t => {
  const refused: [RegExp, string][] = [
    [/no NAME=/, 'photo'],
    [/unknown kind 'picture'/, 'photo=picture:file'],
    [/no SOURCE/, 'photo=image'],
    [/a comma in the source/, 'photo=image:a,b@hog'],
    [/no encoder/, 'photo=image:file@'],
    [/an empty column/, 'photo=image:a+'],
    [/an empty option/, 'photo=image:a,'],
    [/given twice/, 'photo=image:a,b=1,b=2'],
    [/a % that starts no escape/, 'photo=image:100%'],
    [/separates/, 'a>b=image:file'],
    [/lacks a file or a selector/, 'a=vector:::x'],
  ]
  for (const [message, text] of refused) t.throws(() => parseModality(text), { message, exit: 64 })
  t.end()
})
