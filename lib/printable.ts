/**
 * What a terminal would take for a command (C0 without tab and line end, DEL, C1) or would order
 * text by (bidirectional controls), and the two line ends that are not seen as such.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/**
 * A text with such characters as \uXXXX: the names and ids of a stream must not write to the
 * terminal of whoever reads about them. Inside JSON it stays the same JSON.
 */
export const printable = (text: string): string =>
  text.replace(UNSEEN, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
