/** The package ships without types. */
declare module 'hyparquet-compressors' {
  type Decompress = (input: Uint8Array, outputLength: number) => Uint8Array
  export const decompressBrotli: Decompress
  export const decompressGzip: Decompress
  export const decompressLz4: Decompress
  export const decompressLz4Raw: Decompress
  export const decompressSnappy: Decompress
}
