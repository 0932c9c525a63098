import * as vega from 'vega'

/** Exported, though Vega's types do not say so. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width(item: { fontSize?: number }, text: unknown): number }
}

/**
 * Without a canvas Vega takes every letter for equally wide, so that wide ones are cut off and
 * narrow ones leave gaps. These are widths of DejaVu Sans, in parts of the font size, rounded up.
 */
export const measureText = (): void => {
  textMetrics.width = (item, text) => widthOf(String(text ?? '')) * (item.fontSize ?? 11)
}

/** In parts of the font size. */
export const widthOf = (text: string): number => {
  let width = 0
  for (const letter of text.normalize('NFC')) width += letterWidth(letter)
  return width
}

const letterWidth = (letter: string): number => {
  if (/\p{M}/u.test(letter)) return 0
  if (WIDE.test(letter)) return 1
  if (/[ijl.,:;'|!I()[\]{}]/.test(letter)) return 0.4
  if (/[mwMW%@+=<>~]/.test(letter)) return 0.98
  return /[A-Z]/.test(letter) ? 0.74 : 0.64
}

/** Scripts whose letters are squares. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u
