import { basename } from 'node:path'
import { openSink } from '../../stream/sink.js'
import type { Output } from './output.js'

export interface ReportOptions {
  report?: string
  input: string
  against?: string
}

/** `--report`: everything that was found, in one page of HTML. */
export const reportOutput = async (options: ReportOptions): Promise<Output> => {
  if (options.report === undefined) return {}
  const sink = await openSink(options.report, { binary: false })
  return {
    async finish({ records, provenance, inputs }) {
      const { reportPage } = await import('../../report/report.js')
      const html = await reportPage({
        systems: [{ name: nameOf(options.input), records }],
        rival: options.against === undefined ? undefined : nameOf(options.against),
        provenance,
        inputs,
      })
      await sink.write(Buffer.from(html))
      await sink.finish()
    },
    abort: () => sink.abort(),
  }
}

/** How a file is called in tables: `pcmc` for runs/pcmc.arrows. */
const nameOf = (path: string): string =>
  path === '-' ? 'this system' : basename(path).replace(/\.arrows?$/, '')
