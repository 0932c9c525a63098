import { escapeXml } from './escape.js'
import { STYLE } from './style.js'

export interface Page {
  title: string
  /** Below the title, plain text. */
  subtitle: string
  /** CSS of this page, besides that of all. */
  style?: string
  /** HTML that is safe already. */
  body: readonly string[]
}

/** What the page may load: nothing from anywhere, only what stands in it. */
const POLICY =
  "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** A whole page in one file: it works without a network, and asks no host for anything. */
export const page = ({ title, subtitle, style = '', body }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeXml(title)}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<header><h1>${escapeXml(title)}</h1><p class="lead">${escapeXml(subtitle)}</p></header>
<main>
${body.join('\n')}
</main>
</body>
</html>
`
