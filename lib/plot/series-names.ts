import { basename, dirname } from 'node:path'

/** How inputs are called in legends: after their folders, where these are to tell, or themselves. */
export const seriesNames = (paths: readonly string[], by: 'file' | 'folder'): string[] =>
  paths.map(path => {
    if (path === '-') return 'standard input'
    const folder = basename(dirname(path))
    if (by === 'folder' && folder !== '' && folder !== '.') return folder
    return basename(path).replace(/\.(jsonl|json|arrows?)$/, '')
  })
