import { openStream } from '../../lib/stream/read.js'

/** `node count-rows.js < STREAM` prints how many rows a whole and undamaged stream holds. */
const stream = await openStream('-')
let rows = 0
for await (const batch of stream) rows += batch.rows
process.stdout.write(`${rows}\n`)
