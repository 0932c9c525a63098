import { busyShare } from './busy.js'
import { isNotRun, type NotRun, rounded, type Sample } from './row.js'

/** Measures once, in a fresh process. */
export type Side = () => Promise<Sample>

/** A peer that broke down is a peer that cannot be had. */
export class PeerFailed extends Error {}

export interface Turns<Name extends string> {
  samples: Record<Name, Sample[] | NotRun>
  /** Largest share of the processor that others took, looked at before every turn and at the end. */
  busy: number
}

/** Measures the sides in turns, A B A B, so that a slow minute slows all of them. */
export const inTurns = async <Name extends string>(
  sides: Record<Name, Side | NotRun>,
  rounds: number,
): Promise<Turns<Name>> => {
  const names = Object.keys(sides) as Name[]
  const samples = {} as Record<Name, Sample[] | NotRun>
  for (const name of names) samples[name] = isNotRun(sides[name]) ? sides[name] : []
  let busy = 0
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const side = sides[name]
      const soFar = samples[name]
      if (isNotRun(side) || isNotRun(soFar)) continue
      busy = Math.max(busy, await busyShare())
      try {
        soFar.push(await side())
      } catch (error) {
        if (!(error instanceof PeerFailed)) throw error
        samples[name] = { notRun: error.message }
      }
    }
  return { samples, busy: rounded(Math.max(busy, await busyShare())) }
}

/** The samples of a side that is ours: it must have run. */
export const samplesOf = (side: readonly Sample[] | NotRun): readonly Sample[] => {
  if (isNotRun(side)) throw new Error(side.notRun)
  return side
}
