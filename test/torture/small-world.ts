import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../fixtures/maker/random.js'
import type { Host } from './host/hosted.js'

/** The kinds of streams that programs read; `fused` is a model with a fusion encoder. */
export const CONTENTS = ['features', 'embeddings', 'model', 'fused', 'ranks'] as const
export type Content = (typeof CONTENTS)[number]

/** One stream of each kind, of a few rows, made by the programs themselves. */
export interface SmallWorld {
  folder: string
  pathOf(content: Content): string
  bytesOf(content: Content): Buffer
}

/** A command line that reads one stream, to be completed by its path. */
export interface Reader {
  program: string
  argv(path: string): string[]
}

const ROWS = 8

/** Columns of other names, for pcm-join. */
const BESIDE = 'beside.arrows'

export const makeSmallWorld = async (host: Host, parent: string): Promise<SmallWorld> => {
  const folder = join(parent, 'world')
  mkdirSync(folder)
  const pathOf = (content: Content) => join(folder, `${content}.arrows`)
  writeFileSync(join(folder, 'items.csv'), manifest())
  const make = async (program: string, ...argv: string[]) => {
    const { status, stderr } = await host.run(program, [...argv, '--no-pg', '-q'], folder)
    if (status !== 0) throw new Error(stderr)
  }
  await make(
    ...['pcm-extract', 'items.csv', '-m', 'photo=vector:p_*', '-m', 'caption=vector:c_*'],
    ...['-m', 'class=category:label', '-c', 'label=label', '-o', pathOf('features')],
  )
  await make('pcm-extract', 'items.csv', '-m', 'sum=vector:p_0+c_0', '-o', join(folder, BESIDE))
  await make('pcm-train', pathOf('features'), ...TRAINING, '-o', pathOf('model'))
  const model = pathOf('model')
  await make('pcm-embed', pathOf('features'), '--model', model, '-o', pathOf('embeddings'))
  await make('pcm-train', pathOf('features'), ...TRAINING, ...FUSED, '-o', pathOf('fused'))
  const search = ['--direction', 'photo>caption', '--format', 'ranks', '-o', pathOf('ranks')]
  await make('pcm-eval', pathOf('embeddings'), ...search)
  return { folder, pathOf, bytesOf: content => readFileSync(pathOf(content)) }
}

const TRAINING = ['--epochs', '1', '--batch', '4', '--dim', '2', '--hidden', '2', '--lr', '0.01']

const FUSED = ['--pair', 'photo+caption', '--term', 'itm,width=4,blocks=1']

const manifest = (): string => {
  const draw = random(0, 'small world')
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const numbers = Array.from({ length: 4 }, () => draw.normal().toFixed(3))
    return [`r${i}`, i % 2 ? 'cat' : 'dog', ...numbers].join(',')
  })
  return `id,label,p_0,p_1,c_0,c_1\n${rows.join('\n')}\n`
}

/** Every way in which a program reads a stream of this content. */
export const readersOf = (content: Content, { folder, pathOf }: SmallWorld): Reader[] => {
  const whole = pathOf(content)
  const info: Reader = { program: 'pcm-info', argv: path => [path] }
  const any: Reader[] = [
    info,
    { program: 'pcm-cat', argv: path => [path] },
    { program: 'pcm-cat', argv: path => [whole, path] },
    { program: 'pcm-join', argv: path => [path] },
    { program: 'pcm-convert', argv: path => [path, '--to', 'jsonl'] },
  ]
  switch (content) {
    case 'features':
      return [
        ...any,
        { program: 'pcm-train', argv: path => [path, ...TRAINING] },
        { program: 'pcm-embed', argv: path => [path, '--model', pathOf('model')] },
        { program: 'pcm-rerank', argv: path => [path, '--model', pathOf('fused')] },
        { program: 'pcm-convert', argv: path => [path, '--to', 'parquet'] },
        { program: 'pcm-join', argv: path => [join(folder, BESIDE), path] },
      ]
    case 'embeddings':
      return [
        ...any,
        { program: 'pcm-eval', argv: path => [path, '--format', 'json'] },
        { program: 'pcm-eval', argv: path => [whole, '--against', path, '--format', 'json'] },
        { program: 'pcm-plot', argv: path => [path, '--format', 'csv'] },
        { program: 'pcm-zeroshot', argv: path => [path, ...BY_CLASS, '--predictions'] },
        {
          program: 'pcm-zeroshot',
          argv: path => [whole, '--classes', path, ...BY_CLASS, '--format', 'json'],
        },
      ]
    case 'model':
      return [
        info,
        { program: 'pcm-embed', argv: path => [pathOf('features'), '--model', path] },
        {
          program: 'pcm-train',
          argv: path => [pathOf('features'), '--init', path, ...TRAINING.slice(0, 4)],
        },
      ]
    case 'fused':
      return [info, { program: 'pcm-rerank', argv: path => [pathOf('features'), '--model', path] }]
    case 'ranks':
      return [
        info,
        { program: 'pcm-cat', argv: path => [path] },
        { program: 'pcm-eval', argv: path => [path, '--format', 'json'] },
      ]
  }
}

const BY_CLASS = ['--class-modality', 'class']
