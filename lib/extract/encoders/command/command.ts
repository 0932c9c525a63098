import { badData, badUsage, PcmError } from '../../../error.js'
import type { OptionReader } from '../option-reader.js'
import type { EncoderRequest, MadeEncoder, Raw } from '../types.js'
import { runProgram } from './run-program.js'

/**
 * Another program as an encoder: one path or text a line comes in, an Arrow stream with one row a
 * line goes out. It is started for each block of items, and once without any, to tell its dimension.
 */
export async function openEncoder({ argument, options }: EncoderRequest): Promise<MadeEncoder> {
  const command = argument!
  const column = options.text('column')
  const tokens = options.flag('tokens')
  const dim = dimension(options)
  const address = options.address(`cmd:${encodeURIComponent(command)}`)
  const request = { command, column, tokens, where: options.where }
  const known = dim ?? (await runProgram(request, [])).dim
  return {
    address,
    dim: known,
    layout: tokens ? 'tokens' : 'vector',
    encode: async items => {
      const lines = items.map(lineOf)
      const sound = lines.filter((line): line is string => typeof line === 'string')
      if (sound.length === 0) return lines as PcmError[]
      const { rows, dim: found } = await runProgram(request, sound)
      if (found !== known)
        throw badData(`${command}: vectors of ${found} numbers, expected ${known}`)
      let next = 0
      return lines.map(line => {
        if (line instanceof PcmError) return line
        return rows[next++] ?? badData(`${command}: gave null for '${line.slice(0, 100)}'`)
      })
    },
    close: async () => {},
  }
}

const dimension = (options: OptionReader): number | undefined => {
  const dim = options.number('dim')
  if (dim !== undefined && !(Number.isInteger(dim) && dim > 0))
    throw badUsage(`${options.where}: option dim: ${dim}, expected a whole number above 0`)
  return dim
}

/** A text has its line ends as blanks; a path cannot do without them. */
const lineOf = (item: Raw): string | PcmError => {
  if ('text' in item) return item.text.replace(/\s*[\r\n]+\s*/g, ' ')
  if (item.part)
    return badData(
      `${item.path}: lies inside a file, and a program takes paths`,
      'unpack the archive',
    )
  return /[\r\n]/.test(item.path) ? badData('a path with a line end cannot be told') : item.path
}
