/** The environment variables that the programs look at. */
export const environmentTexts: readonly (readonly [name: string, text: string])[] = [
  ['PCM_DEBUG', 'when 1, an error also prints its stack and its cause'],
  ['PCM_ENGINE', 'the engine, onnx, js or tensorflow, whatever --device would choose'],
  ['CI', 'when set, progress comes as plain lines even at a terminal'],
  ['TERM', 'when dumb, progress comes as plain lines even at a terminal'],
]
