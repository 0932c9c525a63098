import { mayHaveGpu } from '../device.js'
import type { GpuRoad } from '../gpu.js'
import { missingWebgpu } from './locate.js'

/** GPUs of any make, through Vulkan, Metal or Direct3D and Dawn. */
export const webgpuRoad: GpuRoad = {
  name: 'webgpu',
  likely: () => mayHaveGpu() && missingWebgpu().length === 0,
  open: async device => (await import('./engine.js')).openWebgpu(device),
}
