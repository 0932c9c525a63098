/** `npm run man`: writes the man pages from the option tables. */

import { writeFileSync } from 'node:fs'
import { manPages } from './man/pages.js'

for (const [name, page] of manPages())
  writeFileSync(new URL(`../../../man/${name}`, import.meta.url), page)
