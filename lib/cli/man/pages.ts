import { programs } from '../programs.js'
import { version } from '../version.js'
import { overviewPage } from './overview.js'
import { manPage } from './page.js'

/** Every man page by its file name. */
export const manPages = (): Map<string, string> =>
  new Map([
    ['pcm.7', overviewPage(version())],
    ...programs.map(spec => [`${spec.name}.1`, manPage(spec, version())] as const),
  ])
