/** How a report looks, on the screen and printed on A4 or Letter. Light in both: it is paper. */
export const STYLE = `
:root { color-scheme: light; --ink: #20242b; --soft: #545b66; --line: #d9dce1; --event: #e57000; --model: #2a78bd; --normal: #16827a; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 860px; padding: 28px 24px 48px; color: var(--ink); background: #fff;
  font: 13px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 20px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 32px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
h3 { font-size: 14px; margin: 20px 0 4px; }
p { margin: 4px 0 8px; }
.soft { color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px 20px; margin: 16px 0; }
.facts div { border-left: 3px solid var(--line); padding-left: 10px; }
.facts b { display: block; font-size: 18px; font-weight: 600; }
table { width: 100%; border-collapse: collapse; margin: 8px 0 12px; font-size: 12px; }
caption { text-align: left; color: var(--soft); padding-bottom: 4px; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--ink); padding: 3px 8px 3px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: 3px 8px 3px 0; vertical-align: top; overflow-wrap: anywhere; }
.whole { white-space: nowrap; }
.num { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.bar { display: inline-block; height: 8px; background: var(--event); margin-right: 6px; vertical-align: 1px; }
.changed { font-weight: 600; }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: 11px; overflow-wrap: anywhere; }
.lane { margin: 0 0 6px; break-inside: avoid; }
.lane-head { font-size: 11px; color: var(--soft); display: flex; gap: 6px; }
.lane-head b { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; }
.ends { margin-left: auto; white-space: nowrap; }
svg { display: block; width: 100%; height: auto; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
svg * { vector-effect: non-scaling-stroke; }
.observed { fill: none; stroke: var(--ink); stroke-width: 1; stroke-linejoin: round; stroke-linecap: round; }
.model { fill: none; stroke: var(--model); stroke-width: 1; stroke-linejoin: round; stroke-linecap: round; }
.band { fill: var(--model); fill-opacity: 0.14; }
rect.event { fill: var(--event); fill-opacity: 0.2; }
rect.label { fill: var(--normal); }
rect.train { fill: #f1f3f5; }
.threshold { stroke: var(--ink); stroke-dasharray: 5 4; stroke-width: 1; }
.times { display: flex; justify-content: space-between; font-size: 11px; color: var(--soft); margin-bottom: 8px; }
.key { font-size: 11px; color: var(--soft); }
.key span { display: inline-block; width: 14px; height: 8px; margin: 0 4px 0 10px; vertical-align: 0; }
@media (max-width: 640px) { .facts { grid-template-columns: 1fr 1fr; } }
@media print {
  @page { size: auto; margin: 14mm 12mm; }
  body { max-width: none; padding: 0; font-size: 10pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
  tr, .facts, .short { break-inside: avoid; }
  .found { break-inside: avoid; }
  .appendix { break-before: page; }
}
`;
