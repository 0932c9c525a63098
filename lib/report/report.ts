import { escapeXml } from '../html/escape.js'
import { page } from '../html/page.js'
import { comparison } from './sections/comparison.js'
import { figures } from './sections/figures.js'
import { furtherTables } from './sections/more.js'
import { protocol } from './sections/protocol.js'
import { provenanceSection, type Origin } from './sections/provenance.js'
import { results } from './sections/results.js'
import { directionRecords, rivalOf, type System } from './system.js'

export interface ReportTask extends Origin {
  systems: readonly System[]
  title?: string
  /** What the figures show; the first metric there is, unless told. */
  metric?: string
  /** What the first system was compared with, query by query. */
  rival?: string
}

/**
 * A report of one or more evaluations: tables, intervals, figures, protocol and provenance in one
 * page of HTML, which asks no host for anything.
 */
export const reportPage = async (task: ReportTask): Promise<string> => {
  const { title = 'Retrieval between modalities', metric, rival } = task
  const [first] = task.systems
  const systems = [
    ...task.systems,
    ...(rival === undefined || !first ? [] : [rivalOf(first, rival)]),
  ]
  const directions = new Set(systems.flatMap(directionRecords).map(({ direction }) => direction))
  const names = systems.map(({ name }) => name).join(', ')
  return page({
    title,
    subtitle: `${names}: ${directions.size} ${directions.size === 1 ? 'direction' : 'directions'}`,
    body: [
      ...(await figures(systems, metric)),
      results(systems),
      ...(first ? comparison(first, rival) : []),
      ...furtherTables(task.systems),
      protocol(task.systems),
      provenanceSection(task),
      records(task.systems),
    ],
  })
}

/** Every number once more, as `pcm-eval --format json` prints it. */
const records = (systems: readonly System[]): string => {
  const lines = systems.flatMap(({ records }) => records.map(record => JSON.stringify(record)))
  return `<section class="screen"><h2>Records</h2><details><summary>${lines.length} records as JSON Lines</summary>
<pre>${lines.map(escapeXml).join('\n')}</pre></details></section>`
}
