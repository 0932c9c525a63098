import { badData, badUsage } from '../../error.js'
import { page } from '../../html/page.js'
import { openSink } from '../../stream/sink.js'
import { provenanceSection } from '../../report/sections/provenance.js'
import type { Deck } from '../examples/card.js'
import { chooseExamples } from '../examples/choose.js'
import { Media } from '../examples/media.js'
import { EXAMPLE_STYLE, exampleCards, section } from '../examples/section.js'
import { parseShows } from '../examples/show.js'
import type { Output } from './output.js'

export interface ExampleOptions {
  examples?: string
  exampleCount: number
  exampleDepth: number
  show: readonly string[]
  base: string
  seed: number
}

/** `--examples`: a page of queries with what they found. */
export const examplesOutput = async (options: ExampleOptions): Promise<Output> => {
  const shows = parseShows(options.show)
  if (options.examples === undefined) {
    if (shows.length > 0) throw badUsage('--show is of the page that --examples FILE writes')
    return {}
  }
  const sink = await openSink(options.examples, { binary: false })
  const media = new Media(options.base)
  const made = new Map<string, string[]>()
  let deck: Deck | undefined
  return {
    columns: shows.flatMap(({ columns }) => columns),
    begin(start) {
      // Ranks have been refused already: they hold no embeddings.
      const table = start.table!
      const lost = shows.find(({ modality }) => !table.fields.some(({ name }) => name === modality))
      if (lost)
        throw badData(`${table.source}: --show ${lost.modality}: there are no such embeddings`)
      deck = { table, shows, media }
    },
    async visit(task) {
      const chosen = chooseExamples(task, {
        count: options.exampleCount,
        depth: options.exampleDepth,
        seed: options.seed,
      })
      made.set(task.direction.name, await exampleCards(task, chosen, deck!))
    },
    async finish({ records, provenance, inputs }) {
      const sections = [...made].map(([name, cards]) =>
        section(
          name,
          records.find(({ direction, by }) => direction === name && by === undefined),
          cards,
        ),
      )
      const html = page({
        title: 'What queries find',
        subtitle: `The first ${options.exampleDepth} answers; where none of them is right, the best right one and its rank. Beside a rank: the score.`,
        style: EXAMPLE_STYLE,
        body: [...sections, provenanceSection({ provenance, inputs })],
      })
      await sink.write(Buffer.from(html))
      await sink.finish()
    },
    abort: () => sink.abort(),
  }
}
