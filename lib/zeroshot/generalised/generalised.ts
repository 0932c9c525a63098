import { badUsage } from '../../error.js'
import type { StreamSchema } from '../../stream/types.js'
import { labelSpace, type LabelSpace } from '../label-space.js'
import type { Prototypes } from '../prototypes/prototypes.js'
import type { Look } from '../prototypes/read.js'
import { openClassSet, type ClassSet } from './class-set.js'

export interface GeneralisedOptions {
  /** Classes that training had none of. */
  unseen?: string
  /** What is subtracted from scores of the others. */
  gamma?: number
  /** A stream of validation rows to choose gamma on, and the classes that are unseen there. */
  tune?: string
  tuneUnseen?: string
}

/** The label spaces of an evaluation, and of the validation before it. */
export interface Spaces {
  space: LabelSpace
  tuning?: LabelSpace
}

/** Reads which classes are unseen, while the prototypes are read. */
export class Generalised {
  private sets: { unseen?: ClassSet; tuneUnseen?: ClassSet } = {}

  constructor(private readonly options: GeneralisedOptions) {
    const { unseen, gamma, tune, tuneUnseen } = options
    if (unseen === undefined && (gamma ?? tune ?? tuneUnseen) !== undefined)
      throw badUsage(
        '--gamma and --tune are about unseen classes',
        'say which they are: --unseen NAME,NAME or @FILE or COLUMN=VALUE',
      )
    if (gamma !== undefined && tune !== undefined)
      throw badUsage('--gamma gives what --tune is to find')
    if ((tune === undefined) !== (tuneUnseen === undefined))
      throw badUsage(
        '--tune and --tune-unseen go together',
        'gamma is chosen on rows and unseen classes that are not evaluated',
      )
  }

  async open(schema: StreamSchema): Promise<Look> {
    const { unseen, tuneUnseen } = this.options
    const open = async (option: string, text: string | undefined) =>
      text === undefined ? undefined : openClassSet(option, text, schema)
    const sets = {
      unseen: await open('--unseen', unseen),
      tuneUnseen: await open('--tune-unseen', tuneUnseen),
    }
    this.sets = sets
    return (batch, names) => {
      sets.unseen?.look(batch, names)
      sets.tuneUnseen?.look(batch, names)
    }
  }

  /**
   * The classes of validation and of evaluation. Unseen classes of the one take no part in the
   * other, and may not be the same (64): gamma would have seen the test.
   */
  spaces(prototypes: Prototypes): Spaces {
    const { names } = prototypes
    const unseen = this.sets.unseen?.among(names)
    const tuneUnseen = this.sets.tuneUnseen?.among(names)
    if (!unseen) return { space: { prototypes } }
    const both = [...unseen].find(name => tuneUnseen?.has(name))
    if (both !== undefined)
      throw badUsage(
        `--tune-unseen: '${both}' is of --unseen, too, so gamma would be chosen on the test`,
        'take other classes that training had none of',
      )
    const space = labelSpace(prototypes, unseen, tuneUnseen)
    checkSides('--unseen', space)
    if (!tuneUnseen) return { space }
    const tuning = labelSpace(prototypes, tuneUnseen, unseen)
    checkSides('--tune-unseen', tuning)
    return { space, tuning }
  }
}

const checkSides = (option: string, { prototypes, unseen }: LabelSpace): void => {
  const all = prototypes.names.length
  const some = unseen!.size
  if (some === 0 || some === all)
    throw badUsage(
      `${option}: ${some} of ${all} classes are unseen, expected some seen and some not`,
    )
}
