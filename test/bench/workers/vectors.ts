import { writeFileSync } from 'node:fs'
import { randomBits } from '../../../lib/retrieve/uncertainty/random.js'
import { answer, given } from './worker.js'

/** Writes queries and a gallery of unit vectors as npy; query i is entry i and noise. */
const { rows, gallery, dim, folder } = given<{
  rows: number
  gallery: number
  dim: number
  folder: string
}>()
const NOISE = 3

const next = randomBits(1)
/** Near enough to a normal number for a direction: the sum of four uniform ones. */
const draw = () => (next() + next() + next() + next()) / 2 ** 32 - 2

const unit = (values: Float32Array, at: number): void => {
  let squares = 0
  for (let i = at; i < at + dim; i++) squares += values[i]! ** 2
  for (let i = at; i < at + dim; i++) values[i]! /= Math.sqrt(squares)
}

const entries = Float32Array.from({ length: gallery * dim }, draw)
for (let at = 0; at < entries.length; at += dim) unit(entries, at)
const queries = entries.slice(0, rows * dim)
for (let at = 0; at < queries.length; at += dim) {
  for (let i = at; i < at + dim; i++) queries[i]! += (draw() * NOISE) / Math.sqrt(dim)
  unit(queries, at)
}

const npy = (name: string, values: Float32Array): void => {
  const shape = `(${values.length / dim}, ${dim})`
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + '\n'
  const head = Buffer.alloc(10)
  head.write('\x93NUMPY\x01\x00', 'latin1')
  head.writeUInt16LE(header.length, 8)
  writeFileSync(`${folder}/${name}.npy`, Buffer.concat([head, Buffer.from(header)]))
  writeFileSync(`${folder}/${name}.npy`, Buffer.from(values.buffer), { flag: 'a' })
}

npy('queries', queries)
npy('gallery', entries)
const lines = Array.from({ length: rows }, (_, row) => `${row} 0 ${row} 1\n`)
writeFileSync(`${folder}/qrels`, lines.join(''))
answer({})
