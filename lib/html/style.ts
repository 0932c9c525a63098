/** One style for all pages: light and dark, paper and small screens. */
export const STYLE = `
:root { --ink: #222; --soft: #5b5b5b; --line: #d9d9d9; --paper: #fff; --shade: #f5f5f5; --good: #0b6e4f; --bad: #a33b00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #a9a9a9; --line: #444; --paper: #17181a; --shade: #222427; --good: #5fd3a5; --bad: #ff9b6a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem); max-width: 78rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, 'DejaVu Sans', Verdana, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; border-bottom: 1px solid var(--line); padding-bottom: 0.2rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 0.4rem; }
p { margin: 0.4rem 0; max-width: 75ch; }
.lead, .note, small { color: var(--soft); }
.note { font-size: 0.9rem; }
small { font-size: 0.8rem; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.7rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: baseline; white-space: nowrap; }
th { font-weight: 600; }
thead th { border-bottom: 2px solid var(--line); }
th.text, td.text { text-align: left; }
tr.mean td, tr.mean th { border-top: 2px solid var(--line); font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.2rem 1.2rem; margin: 0.6rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--shade); border: 1px solid var(--line); border-radius: 4px; padding: 0.7rem 0.9rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; margin: 0.5rem 0; }
figure { margin: 0.8rem 0; background: #fff; border: 1px solid var(--line); border-radius: 4px; overflow-x: auto; width: fit-content; max-width: 100%; }
figure svg { display: block; }
.figures { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: flex-start; }
summary { cursor: pointer; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.4rem; } }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --shade: #fff; --good: #000; --bad: #000; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  figure, tr, pre, .example { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll, figure { overflow: visible; }
  .screen { display: none; }
}
`
