import { hasNvidiaDriver } from '../device.js'
import type { GpuRoad } from '../gpu.js'

/** NVIDIA GPUs, through CUDA and libtensorflow. */
export const tensorflowRoad: GpuRoad = {
  name: 'tensorflow',
  likely: hasNvidiaDriver,
  open: async device => (await import('./engine.js')).openTensorflow({ device, threads: 1 }),
}
