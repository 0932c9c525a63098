import { alignmentTerm } from './alignment.js'
import { cwclTerm } from './cwcl.js'
import { dblTerm } from './dbl.js'
import { filipTerm } from './filip.js'
import { hingeTerm } from './hinge.js'
import { imsTerm } from './ims.js'
import { itcTerm } from './itc.js'
import { itmTerm } from './itm.js'
import { lmimTerm } from './lmim.js'
import { mixupTerm } from './mixup.js'
import { modXTerm } from './mod-x.js'
import { oneToKTerm } from './one-to-k.js'
import { openshapeTerm } from './openshape.js'
import { pcmcTerm } from './pcmc.js'
import { pcmrTerm } from './pcmr.js'
import { sdmTerm } from './sdm.js'
import { symileTerm } from './symile.js'
import type { Term } from './term.js'
import { transportTerm } from './transport.js'
import { crossUniformityTerm, uniformityTerm } from './uniformity.js'
import { xbtTerm } from './xbt.js'

/** Terms of a loss, by the name that `--loss` and `--term` take. */
export const TERMS: Readonly<Record<string, Term>> = {
  pcmc: pcmcTerm,
  pcmr: pcmrTerm,
  cwcl: cwclTerm,
  sdm: sdmTerm,
  hinge: hingeTerm,
  'one-to-k': oneToKTerm,
  symile: symileTerm,
  uniformity: uniformityTerm,
  'cross-uniformity': crossUniformityTerm,
  alignment: alignmentTerm,
  mixup: mixupTerm,
  itc: itcTerm,
  ims: imsTerm,
  lmim: lmimTerm,
  filip: filipTerm,
  transport: transportTerm,
  itm: itmTerm,
  openshape: openshapeTerm,
  'mod-x': modXTerm,
  dbl: dblTerm,
  xbt: xbtTerm,
}
