import { Exit, PcmError } from '../error.js'
import { type Device, mayHaveGpu } from './device.js'
import type { Engine } from './types.js'

/** An engine that can use a GPU. */
export interface GpuRoad {
  name: Engine['name']
  /** A look that loads nothing: is it worth a try where nobody asked for a GPU? */
  likely(): boolean
  /** Opens it on a GPU. Throws unavailable (69) that says what is missing. */
  open(device: Device & { kind: 'gpu' }): Promise<Engine>
}

/** Packages that are not installed with pcm-toolkit, by what they serve. */
export const INSTALL = {
  cuda: 'npm install @tensorflow/tfjs-node-gpu@4.22.0',
  webgpu: 'npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0',
} as const

/** The first road that leads to a GPU, or what is missing on each of them. */
export async function firstGpu(
  roads: readonly GpuRoad[],
  device: Device & { kind: 'gpu' },
): Promise<{ engine: Engine } | { engine?: never; missing: string[] }> {
  const missing: string[] = []
  for (const { name, open } of roads)
    try {
      return { engine: await open(device) }
    } catch (error) {
      if (!(error instanceof PcmError) || error.exit !== Exit.unavailable) throw error
      missing.push(`${name}: ${error.message}`)
    }
  return { missing }
}

/** A GPU was asked for and none can be used. */
export const noGpu = (asked: string, missing: readonly string[]): PcmError =>
  unavailable(
    `--device ${asked}: no GPU can be used: ${[...shown(), ...missing].join('; ')}`,
    `NVIDIA: ${INSTALL.cuda}; any other: ${INSTALL.webgpu}; none: --device cpu`,
  )

const shown = (): string[] => (mayHaveGpu() ? [] : ['the system shows none'])

/** An engine that cannot be had here; the hint says what to do. */
export const unavailable = (message: string, hint: string, cause?: unknown): PcmError =>
  new PcmError(message, { exit: Exit.unavailable, hint, cause })

/** The first line of what was thrown or reported, without the name of its class. */
export const firstLine = (error: unknown): string => {
  const message = (error as { message?: unknown } | undefined)?.message ?? error
  return String(message).split('\n')[0]!
}
