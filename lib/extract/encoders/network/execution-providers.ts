import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hasNvidiaDriver, parseDevice } from '../../../engine/device.js'
import { packageFolder, requireFrom } from '../../../engine/find-package.js'
import { unavailable } from '../unavailable.js'

/** An execution provider of onnxruntime, as its sessions take it. */
export type Provider = string | { name: string; deviceId: number }

/** GPUs that onnxruntime may have been built for, the surest first. */
const GPUS = ['cuda', 'dml', 'coreml', 'webgpu']

/**
 * Opens something with the execution providers that `--device` asks for. gpu fails with status 69
 * where no GPU works; auto tries CUDA where NVIDIA's driver is there, and goes on with the
 * processor where that fails, with a warning.
 */
export async function withProviders<Result>(
  device: string,
  { where, warn }: { where: string; warn(text: string): void },
  open: (providers: Provider[]) => Promise<Result>,
): Promise<Result> {
  const asked = parseDevice(device)
  if (asked.kind === 'cpu' || (asked.kind === 'auto' && !hasNvidiaDriver())) return open(['cpu'])
  const { listSupportedBackends } = await import('onnxruntime-node')
  const built = new Set(listSupportedBackends().map(({ name }) => name))
  const tried = asked.kind === 'auto' ? ['cuda'] : GPUS.filter(name => built.has(name))
  const failed: string[] = []
  for (const name of tried) {
    if (name === 'cuda' && !hasCudaLibrary()) {
      failed.push('cuda: onnxruntime-node was installed without its CUDA library')
      continue
    }
    const index = asked.kind === 'gpu' ? asked.index : undefined
    try {
      return await open([index === undefined ? name : { name, deviceId: index }])
    } catch (error) {
      failed.push(`${name}: ${firstLine(error)}`)
    }
  }
  const reason = failed.join('; ') || 'onnxruntime is built for none'
  if (asked.kind === 'gpu')
    throw unavailable(
      `${where}: --device ${device}: no GPU can be used: ${reason}`,
      'CUDA on Linux: npm install onnxruntime-node@1.30.0 --onnxruntime-node-install=cuda12; none: --device cpu',
    )
  warn(`${where}: no GPU is used: ${reason} (--device cpu asks for none)`)
  return open(['cpu'])
}

/** The CUDA provider is a file that does not come from npm; without it onnxruntime is loud. */
function hasCudaLibrary(): boolean {
  const folder = packageFolder('onnxruntime-node', requireFrom())
  const { platform, arch } = process
  const library = `bin/napi-v6/${platform}/${arch}/libonnxruntime_providers_cuda.so`
  return folder !== undefined && existsSync(join(folder, library))
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 160)
