import type { BadItem, OnError } from './bad-items.js'

interface Log {
  warn(text: string): void
  event(name: string, fields: Record<string, unknown>): void
}

/** More than this on a terminal is read by nobody; the log has them all. */
const MOST_SHOWN = 10

/** Lists the items that could not be used: all of them in the log, the first few for people. */
export const tellBadItems = (log: Log, policy: OnError) => {
  const items = new Set<number>()
  let faults = 0
  return {
    add(bad: readonly BadItem[]): void {
      for (const item of bad) {
        items.add(item.row)
        log.event('bad-item', { ...item })
        if (faults++ < MOST_SHOWN) log.warn(item.message)
      }
    },
    /** Says how many there were, if any, and returns it. */
    summary(): number {
      const became = policy === 'skip' ? 'left out' : 'written without what could not be used'
      const hidden = faults - MOST_SHOWN
      const more = hidden > 0 ? `; ${hidden} more faults than are shown here are in --log` : ''
      if (items.size > 0) log.warn(`${items.size} items were ${became}${more}`)
      return items.size
    },
  }
}
