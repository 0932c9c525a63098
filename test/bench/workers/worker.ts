import { type Sample, median } from '../row.js'

/** What the bench asked of this process. */
export const given = <T>(): T => JSON.parse(process.argv[2] ?? '{}') as T

export const answer = (figures: object): void =>
  void process.stdout.write(JSON.stringify(figures) + '\n')

/** Times of `count` runs, in ms, in order. */
export const timesOf = async (count: number, work: () => Promise<unknown>): Promise<number[]> => {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times
}

export const sampleOf = (times: readonly number[]): Sample => ({
  median: median(times),
  best: Math.min(...times),
})

/** Largest resident set of this process so far, MB. */
export const megabytes = (): number => Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
