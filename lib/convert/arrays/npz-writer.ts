import { badData } from '../../error.js'
import { ZipWriter } from '../../formats/zip-writer.js'
import type { Sink } from '../../stream/sink.js'
import type { StreamSchema } from '../../stream/types.js'
import type { TableWriter } from '../table.js'
import { gatheredWriter } from './gathered.js'
import { metadataOf } from './meta.js'
import { npyBytes } from './npy-bytes.js'

/** Beside the arrays, `numpy.load` gives its bytes. */
export const METADATA_MEMBER = 'pcm.json'

/** Every column as arrays of a NumPy .npz archive, uncompressed, so that it can be read in place. */
export const npzWriter = (sink: Sink, schema: StreamSchema): Promise<TableWriter> => {
  const slashed = [...schema.modalities, ...schema.others].find(({ name }) => /[/\\]/.test(name))
  if (slashed)
    throw badData(
      `column '${slashed.name}': a slash in the name of an array would be a folder of the archive`,
      'write safetensors, or choose others with --modality and --column',
    )
  return gatheredWriter(sink, schema, 'npz', async parts => {
    const zip = new ZipWriter(bytes => sink.write(bytes))
    for (const part of parts) await zip.add(`${part.part.name}.npy`, () => npyBytes(part))
    const text = Buffer.from(JSON.stringify(await metadataOf(schema)))
    await zip.add(METADATA_MEMBER, async function* () {
      yield text
    })
    await zip.finish()
  })
}
