/** `npm run man`: writes the man pages from the tables of options and methods. */

import { writeFileSync } from 'node:fs'
import { manPages } from './pages.js'

for (const [name, page] of manPages())
  writeFileSync(new URL(`../../../man/${name}`, import.meta.url), page)
