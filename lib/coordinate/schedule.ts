/**
 * Learning rate of step t of T (from 0): linear warm-up over the first share of the steps, then a
 * cosine down to a hundredth of the peak (Loshchilov and Hutter 2017; METHODS 1.4).
 */
export function learningRate(
  t: number,
  total: number,
  { rate, warmup }: { rate: number; warmup: number },
): number {
  const rising = Math.round(total * warmup)
  if (t < rising) return (rate * (t + 1)) / rising
  const floor = rate / 100
  const done = (t - rising) / Math.max(1, total - rising)
  return floor + ((rate - floor) * (1 + Math.cos(Math.PI * done))) / 2
}
