import { TERMS } from './index.js'

/** What a shell may complete `--loss` and `--term` with: terms that stand alone, and all of them. */
export const termOffers = (): { loss: string[]; term: string[] } => {
  const names = Object.keys(TERMS)
  return { loss: names.filter(name => TERMS[name]!.alone), term: names }
}
