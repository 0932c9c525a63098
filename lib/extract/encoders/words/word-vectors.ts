import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { badData } from '../../../error.js'

/** Word vectors in the order of their file, which is that of frequency in all files in use. */
export interface WordVectors {
  dim: number
  /** Place of each word. */
  places: ReadonlyMap<string, number>
  /** (words x dim) */
  values: Float32Array
}

/**
 * Reads word vectors: a JSON object of arrays (`.json`), or a text with a word and its numbers a
 * line (GloVe; word2vec, whose first line has the two counts). A word that comes again is left out.
 */
export async function readWordVectors(path: string): Promise<WordVectors> {
  const table = new Table(path)
  if (/\.json$/i.test(path)) await readJson(path, table)
  else await readText(path, table)
  return table.end()
}

async function readJson(path: string, table: Table): Promise<void> {
  const object = parse(await readFile(path, 'utf8'), path)
  for (const [word, vector] of Object.entries(object)) {
    if (!Array.isArray(vector)) throw badData(`${path}: '${word}' has no array of numbers`)
    table.add(word, vector as unknown[], `'${word}'`)
  }
}

const parse = (text: string, path: string): object => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    throw badData(`${path}: is not JSON: ${(error as Error).message}`)
  }
  throw badData(`${path}: expected a JSON object of words`)
}

async function readText(path: string, table: Table): Promise<void> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })
  let number = 0
  for await (const line of lines) {
    number++
    const cells = line.trimEnd().split(/[ \t]/)
    if (number === 1 && cells.length === 2 && cells.every(cell => /^\d+$/.test(cell))) continue
    if (cells.length < 2) throw badData(`${path}: line ${number}: no numbers after a word`)
    // Some words of GloVe have blanks in them: numbers are counted from the end.
    const dim = table.dim || cells.length - 1
    const word = cells.slice(0, -dim).join(' ')
    table.add(word, cells.slice(-dim).map(Number), `line ${number}`)
  }
}

/** A table that grows word by word. */
class Table {
  dim = 0
  private readonly places = new Map<string, number>()
  private values = new Float32Array(0)

  constructor(private readonly path: string) {}

  add(word: string, vector: readonly unknown[], where: string): void {
    if (this.dim === 0) this.dim = vector.length
    if (vector.length !== this.dim || this.dim === 0)
      throw badData(
        `${this.path}: ${where}: ${vector.length} numbers, expected ${this.dim || 'some'}`,
      )
    if (this.places.has(word)) return
    const start = this.places.size * this.dim
    if (start + this.dim > this.values.length) this.grow(start + this.dim)
    for (const [at, value] of vector.entries()) {
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw badData(`${this.path}: ${where}: number ${at} is ${String(value)}`)
      this.values[start + at] = value
    }
    this.places.set(word, this.places.size)
  }

  end(): WordVectors {
    if (this.places.size === 0) throw badData(`${this.path}: holds no words`)
    const values = this.values.slice(0, this.places.size * this.dim)
    return { dim: this.dim, places: this.places, values }
  }

  private grow(length: number): void {
    const larger = new Float32Array(Math.max(2 * this.values.length, length, 1 << 16))
    larger.set(this.values)
    this.values = larger
  }
}
