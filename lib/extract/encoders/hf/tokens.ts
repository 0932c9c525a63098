import type { Inputs, Tokenizer, Transformers } from './package.js'

/** Texts as a network takes them, filled up to one length; (texts x length) each. */
export interface TokenBatch {
  inputs: Inputs
  /** How many tokens of each text are its own. */
  lengths: number[]
}

/** Longer than any text: a tokenizer that knows no limit says something like 10^30. */
const NO_LIMIT = 1e6

/**
 * Turns texts into batches of tokens. The package cuts a text that is too long after it has added
 * the tokens that end it, so it loses them, and with them what CLIP's text tower pools: here what is
 * between the tokens that begin and end a text is cut, as the Python library does.
 */
export function openTokenizer(
  tokenizer: Tokenizer,
  { Tensor }: Transformers,
  padding: 'longest' | 'max_length',
): (texts: readonly string[]) => TokenBatch {
  const frame = tokenizer.encode('')
  const limit = tokenizer.model_max_length
  const most = typeof limit === 'number' && limit < NO_LIMIT ? limit : Infinity
  const filler = BigInt(tokenizer.pad_token_id ?? 0)

  const tokensOf = (text: string): number[] => {
    const tokens = tokenizer.encode(text)
    if (tokens.length <= most) return tokens
    let begin = 0
    while (begin < frame.length && frame[begin] === tokens[begin]) begin++
    const end = frame.length - begin
    return [...tokens.slice(0, most - end), ...tokens.slice(tokens.length - end)]
  }

  return texts => {
    const rows = texts.map(tokensOf)
    const lengths = rows.map(row => row.length)
    const length = padding === 'max_length' ? most : Math.max(...lengths)
    const ids = new BigInt64Array(rows.length * length).fill(filler)
    const mask = new BigInt64Array(rows.length * length)
    rows.forEach((row, at) => {
      row.forEach((id, place) => (ids[at * length + place] = BigInt(id)))
      mask.fill(1n, at * length, at * length + row.length)
    })
    const dims = [rows.length, length]
    return {
      inputs: {
        input_ids: new Tensor('int64', ids, dims),
        attention_mask: new Tensor('int64', mask, dims),
      },
      lengths,
    }
  }
}
