/** SVG as it may stand in a page beside others: what it names gets a prefix, so that names differ. */
export const inlineSvg = (svg: string, prefix: string): string =>
  svg
    .trim()
    .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}-$1"`)
