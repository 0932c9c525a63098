// Before the runtime is loaded.
import '../../../engine/onnx/no-telemetry.js'
import { badData, badUsage } from '../../../error.js'
import { withProviders, type Provider } from '../network/execution-providers.js'
import type { Network } from '../network/network.js'
import { checkWeights, unavailable } from '../unavailable.js'
import { elementsOf, isElementType, isInteger, numbersOf } from './elements.js'

export interface NetworkRequest {
  path: string
  /** For messages: the address. */
  where: string
  /** Name or number (from 0) of the input and the output; the first where it is not told. */
  input?: string | undefined
  output?: string | undefined
  threads: number
  device: string
  warn(text: string): void
}

/** Opens an ONNX model. A missing file is 69, one that cannot be read 65, a wrong name 64. */
export async function openNetwork(request: NetworkRequest): Promise<Network> {
  const { path, where, threads } = request
  await checkWeights(path, where)
  const runtime = await import('onnxruntime-node').catch((error: unknown) => {
    throw unavailable(
      `${where}: onnxruntime-node cannot be loaded`,
      'npm install onnxruntime-node',
      error,
    )
  })
  const open = (executionProviders: Provider[]) =>
    runtime.InferenceSession.create(path, {
      executionProviders,
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
    }).catch((error: unknown) => {
      throw badData(`${path}: not an ONNX model that can be run: ${said(error)}`, undefined, error)
    })
  const session = await withProviders(request.device, request, open)
  const input = pick(session.inputNames, request.input, 'input', where)
  const output = pick(session.outputNames, request.output, 'output', where)
  const others = session.inputNames.filter(name => name !== input)
  if (others.length > 0)
    throw badUsage(
      `${where}: ${path} wants ${others.join(', ')} beside ${input}, expected one input`,
    )
  const about = session.inputMetadata.find(({ name }) => name === input)
  if (!about?.isTensor || !isElementType(about.type))
    throw badData(`${path}: input ${input} is no tensor of numbers`)
  const { type } = about
  return {
    integers: isInteger(type),
    shape: about.shape.map(length =>
      typeof length === 'number' && length > 0 ? length : undefined,
    ),
    run: async ({ dims, values }) => {
      const feed = new runtime.Tensor(type, elementsOf(values, type), dims)
      const results = await session.run({ [input]: feed }, [output]).catch((error: unknown) => {
        throw badData(`${path}: ${said(error)}`, undefined, error)
      })
      const { data, dims: shape, type: given } = results[output]!
      const numbers = numbersOf(given, data)
      if (!numbers) throw badData(`${path}: output ${output} is no tensor of numbers`)
      return { dims: shape, values: numbers }
    },
    close: () => session.release(),
  }
}

const pick = (
  names: readonly string[],
  asked: string | undefined,
  what: string,
  where: string,
): string => {
  const found = asked === undefined ? names[0] : names.find(name => name === asked)
  const name = found ?? (/^\d+$/.test(asked ?? '') ? names[Number(asked)] : undefined)
  if (name !== undefined) return name
  throw badUsage(`${where}: no ${what} '${asked}'`, `there are: ${names.join(', ')}`)
}

const said = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
