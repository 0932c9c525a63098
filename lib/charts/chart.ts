import type { FlatValue } from '../retrieve/report/flat.js'
import { config } from './theme.js'

/** A figure before it is drawn. */
export interface Chart {
  /** Vega-Lite, with its data inside. */
  spec: Record<string, unknown>
  /** One sentence for those who cannot see it. */
  description: string
  /** What is drawn, as a table. */
  columns: string[]
  rows: Record<string, FlatValue>[]
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json'

/** A whole specification: what is common to all charts around what one of them has. */
export const specification = (
  { title, subtitle, description }: { title: string; subtitle: string[]; description: string },
  body: Record<string, unknown>,
): Record<string, unknown> => ({
  $schema: SCHEMA,
  description,
  title: { text: title, subtitle },
  ...body,
  config,
})
