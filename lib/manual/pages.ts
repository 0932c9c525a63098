import { overviewPage } from '../cli/man/overview.js'
import { manPage } from '../cli/man/page.js'
import { programs } from '../cli/programs.js'
import { version } from '../cli/version.js'
import { clusterPage } from './cluster-page.js'
import { methodsPage } from './methods-page.js'

/** Every man page by its file name. */
export const manPages = (): Map<string, string> =>
  new Map([
    ['pcm.7', overviewPage(version())],
    ['pcm-cluster.7', clusterPage(version())],
    ['pcm-methods.7', methodsPage(version())],
    ...programs.map(spec => [`${spec.name}.1`, manPage(spec, version())] as const),
  ])
