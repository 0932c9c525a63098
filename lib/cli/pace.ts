import type { Task } from './progress.js'

/**
 * How fast a task goes and how long it will still take at that pace: `55.2/s, 2m43s left`. What was
 * done before this run does not count. Empty while nothing can be known.
 */
export const pace = (
  { total, before = 0 }: Pick<Task, 'total' | 'before'>,
  done: number,
  seconds: number,
): string => {
  const rate = (done - before) / seconds
  if (!(rate > 0 && Number.isFinite(rate))) return ''
  const speed = `${Number(rate.toPrecision(3))}/s`
  return total === undefined ? speed : `${speed}, ${duration((total - done) / rate)} left`
}

/** `8s`, `2m43s`, `5h07m`, `3d04h`: two units are enough for the eye. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const pair = (large: number, small: number, [a, b]: string): string =>
    `${large}${a}${String(small).padStart(2, '0')}${b}`
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return pair(Math.floor(whole / 60), whole % 60, 'ms')
  if (whole < 86400) return pair(Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), 'hm')
  return pair(Math.floor(whole / 86400), Math.floor((whole % 86400) / 3600), 'dh')
}
