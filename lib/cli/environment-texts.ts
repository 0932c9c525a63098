/** The environment variables that the programs look at. */
export const environmentTexts: readonly (readonly [name: string, text: string])[] = [
  ['PCM_DEBUG', 'when 1, an error also prints its stack and its cause'],
  ['PCM_ENGINE', 'the engine, onnx, js, tensorflow or webgpu, whatever --device would choose'],
  ['PCM_LIBTENSORFLOW', 'folder of a libtensorflow built apart, in place of tfjs-node-gpu'],
  ['CI', 'when set, progress comes as plain lines even at a terminal'],
  ['TERM', 'when dumb, progress comes as plain lines even at a terminal'],
]
