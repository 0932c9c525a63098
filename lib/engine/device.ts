import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { badUsage } from '../error.js'

/** What --device asks for. */
export type Device = { kind: 'auto' } | { kind: 'cpu' } | { kind: 'gpu'; index: number | undefined }

/** Reads auto, cpu, gpu or gpu:N; anything else is a usage error (64). */
export function parseDevice(text: string): Device {
  const [, gpu, index] = /^(gpu)(?::(\d{1,4}))?$/.exec(text) ?? []
  if (gpu) return { kind: 'gpu', index: index === undefined ? undefined : Number(index) }
  if (text === 'auto' || text === 'cpu') return { kind: text }
  throw badUsage(`--device ${text}: expected auto, cpu, gpu or gpu:N`)
}

/** The signs of NVIDIA's driver: Linux, the Linux inside Windows, Windows. */
const NVIDIA = [
  '/dev/nvidiactl',
  '/proc/driver/nvidia/version',
  '/usr/lib/wsl/lib/libcuda.so.1',
  join(process.env.SystemRoot ?? '/', 'System32', 'nvcuda.dll'),
]

/** A look that loads nothing: is NVIDIA's driver there? */
export const hasNvidiaDriver = (): boolean => NVIDIA.some(path => existsSync(path))

/** A look that loads nothing: could there be a GPU of any make? Only Linux is sure that there is none. */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux' || hasNvidiaDriver()) return true
  if (existsSync('/dev/dxg')) return true
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some(name => name.startsWith('renderD'))
}
