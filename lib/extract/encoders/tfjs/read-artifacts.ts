import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join, normalize, sep } from 'node:path'
import type { io } from '@tensorflow/tfjs'
import { badData } from '../../../error.js'
import { inputError } from '../../../formats/byte-range.js'

/** A model as TensorFlow.js takes it; `weightData` is one buffer. */
export interface Artifacts extends io.ModelArtifacts {
  modelTopology: object
  weightSpecs: io.WeightsManifestEntry[]
  weightData: ArrayBuffer
}

interface Group {
  paths: string[]
  weights: io.WeightsManifestEntry[]
}

/**
 * Reads the model.json of a folder and the shards it names, which must lie in the folder and have
 * exactly the bytes that the shapes ask for. What is no such model is bad data (65).
 */
export async function readArtifacts(folder: string): Promise<Artifacts> {
  const path = join(folder, 'model.json')
  const text = await readFile(path, 'utf8').catch(error => {
    throw inputError(path, error)
  })
  const model = parse(text, path)
  const { modelTopology, weightsManifest } = model
  if (!isObject(modelTopology)) throw badData(`${path}: no modelTopology`)
  if (!Array.isArray(weightsManifest)) throw badData(`${path}: no weightsManifest`)
  const groups = weightsManifest.map(group => checkGroup(group, path))
  const weightSpecs = groups.flatMap(({ weights }) => weights)
  // Measured before anything is allocated, so that a shape that lies costs nothing.
  const files: { path: string; size: number }[] = []
  for (const { paths, weights } of groups) {
    const shards = await Promise.all(paths.map(name => shardOf(join(folder, name))))
    const found = shards.reduce((sum, { size }) => sum + size, 0)
    const expected = weights.reduce((sum, spec) => sum + bytesOf(spec), 0)
    if (found !== expected)
      throw badData(`${path}: ${paths.join(', ')}: ${found} bytes, their shapes say ${expected}`)
    files.push(...shards)
  }
  const weightData = await readAll(files)
  return { ...model, modelTopology, weightSpecs, weightData }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch (error) {
    throw badData(`${path}: is not JSON: ${(error as Error).message}`)
  }
  throw badData(`${path}: expected a JSON object`)
}

function checkGroup(group: unknown, path: string): Group {
  const { paths, weights } = isObject(group) ? group : {}
  if (!Array.isArray(paths) || !Array.isArray(weights))
    throw badData(`${path}: weightsManifest: expected groups of paths and weights`)
  for (const shard of paths) checkPath(shard, path)
  for (const spec of weights) checkSpec(spec, path)
  return { paths, weights }
}

/** A shard outside the folder is none of the model's. */
function checkPath(shard: unknown, path: string): void {
  const inside = typeof shard === 'string' && shard !== '' && !shard.includes('\0')
  const first = inside ? normalize(shard.replaceAll('\\', '/')).split(sep)[0] : '..'
  if (!inside || first === '..' || first === '.' || isAbsolute(shard) || /^[a-z]+:/i.test(shard))
    throw badData(
      `${path}: weightsManifest: path ${JSON.stringify(shard)}, expected a file in the folder`,
    )
}

const BYTES: Record<string, number> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
}

function checkSpec(spec: unknown, path: string): void {
  const { name, shape, dtype, quantization } = isObject(spec) ? spec : {}
  const stored = isObject(quantization) ? quantization['dtype'] : dtype
  const sizes = Array.isArray(shape) && shape.every(side => Number.isInteger(side) && side >= 0)
  if (typeof name === 'string' && sizes && Object.hasOwn(BYTES, String(stored))) return
  throw badData(
    `${path}: weightsManifest: weight ${JSON.stringify(name)} of ${JSON.stringify(shape)} and ${JSON.stringify(stored)}, expected a name, a shape and one of ${Object.keys(BYTES).join(', ')}`,
  )
}

const bytesOf = ({ shape, dtype, quantization }: io.WeightsManifestEntry): number =>
  shape.reduce((size, side) => size * side, 1) * BYTES[quantization?.dtype ?? dtype]!

const shardOf = async (path: string): Promise<{ path: string; size: number }> => {
  const about = await stat(path).catch(error => {
    throw inputError(path, error)
  })
  if (!about.isFile()) throw badData(`${path}: is no file`)
  return { path, size: about.size }
}

/** The files end to end. */
async function readAll(files: readonly { path: string; size: number }[]): Promise<ArrayBuffer> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const bytes = new Uint8Array(total)
  let at = 0
  for (const { path, size } of files) {
    const content = await readFile(path)
    if (content.length !== size) throw badData(`${path}: changed while it was read`)
    bytes.set(content, at)
    at += size
  }
  return bytes.buffer
}
