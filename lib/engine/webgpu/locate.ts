import { pathToFileURL } from 'node:url'
import { packageFolder, requireFrom } from '../find-package.js'
import { firstLine, INSTALL, unavailable } from '../gpu.js'
import { shareTensorflowJs } from '../share-tfjs.js'

/** Dawn, and the backend of TensorFlow.js that speaks to it. */
const BACKEND = '@tensorflow/tfjs-backend-webgpu'
const PACKAGES = ['webgpu', BACKEND] as const

/** What an adapter says of itself; `info` is newer than the types of TensorFlow.js. */
export interface AdapterInfo {
  vendor: string
  device: string
  description: string
  /** True for a driver that computes on the processor. */
  isFallbackAdapter: boolean
}

/** What is used of Dawn's package. */
export interface Dawn {
  create(options: string[]): {
    requestAdapter(options: {
      powerPreference: 'high-performance'
    }): Promise<(GPUAdapter & { info: AdapterInfo }) | null>
  }
  /** GPUBufferUsage and the like, which a browser has as globals. */
  globals: Record<string, unknown>
}

/** What is used of the backend's package. */
export interface WebgpuPackage {
  WebGPUBackend: new (device: GPUDevice, info: AdapterInfo) => { dispose(): void }
}

const require = requireFrom()

/** The packages that are missing. */
export const missingWebgpu = (): string[] =>
  PACKAGES.filter(name => packageFolder(name, require) === undefined)

/** Both packages with their versions, for people. */
export const versions = (): string =>
  PACKAGES.map(name => {
    const { version } = require(`${name}/package.json`) as { version: string }
    return `${name} ${version}`
  }).join(', ')

/** Loads both packages. Throws unavailable (69) where one is missing or has no binary. */
export async function loadWebgpu(): Promise<Dawn & WebgpuPackage> {
  const missing = missingWebgpu()
  if (missing.length > 0)
    throw unavailable(
      missing.length === 1
        ? `the package ${missing[0]} is not there`
        : `the packages ${missing.join(' and ')} are not there`,
      `${INSTALL.webgpu}, or use --device cpu`,
    )
  shareTensorflowJs(packageFolder(BACKEND, require)!)
  try {
    const dawn = (await import(pathToFileURL(require.resolve('webgpu')).href)) as Dawn
    return { ...dawn, ...(require(BACKEND) as WebgpuPackage) }
  } catch (cause) {
    throw unavailable(
      `WebGPU is there but cannot be loaded: ${firstLine(cause)}`,
      'install it again, or use --device cpu',
      cause,
    )
  }
}
