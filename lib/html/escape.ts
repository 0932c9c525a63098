/** Text as it may stand in XML or HTML, in an element or in a quoted attribute. */
export const escapeXml = (text: string): string =>
  allowed(text).replace(/[&<>"']/g, sign => ENTITIES[sign]!)

/** Text without what XML 1.0 has no way to write, not even as an entity. */
export const allowed = (text: string): string => text.replace(FORBIDDEN, '\ufffd')

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu
