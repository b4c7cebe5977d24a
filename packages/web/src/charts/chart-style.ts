/**
 * Colours of the charts, which pages and single SVG files share. Dearer is orange and cheaper is teal: told apart
 * also by who sees no difference of red and green, and each bar has its sign beside it.
 */
export const chartStyle = `
:root { --ink: #1c2024; --quiet: #5b6570; --line: #d9dee3; --paper: #ffffff; --spend: #9aa7b4; --window: #c2491d;
  --dearer: #c2491d; --cheaper: #17776f; --total: #46596b; --band: #46596b; --shade: #fbeee6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --quiet: #a0abb6; --line: #363d45; --paper: #14171a;
  --spend: #66727e; --window: #f0834f; --dearer: #f0834f; --cheaper: #3fb5a8; --total: #93a4b5; --band: #b7c4d1;
  --shade: #2b211b; } }
.chart { display: block; width: 100%; height: auto; }
.chart text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-size: 12px; fill: var(--quiet);
  font-variant-numeric: tabular-nums; }
.chart .strong { fill: var(--ink); font-weight: 600; }
.chart .ink { fill: var(--ink); } .chart .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.chart .grid { stroke: var(--line); stroke-width: 1; shape-rendering: crispEdges; }
.chart .axis { stroke: var(--quiet); stroke-width: 1; shape-rendering: crispEdges; }
.chart .spend { fill: var(--spend); } .chart .inside { fill: var(--window); } .chart .shade { fill: var(--shade); }
.chart .band { fill: var(--band); fill-opacity: .22; } .chart .middle { fill: none; stroke: var(--band); stroke-width: 1.5; }
.chart .marker { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 3; }
.chart .total { fill: var(--total); } .chart .dearer { fill: var(--dearer); } .chart .cheaper { fill: var(--cheaper); }
.chart .joint { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 2; }
.chart .paper { fill: var(--paper); }
`.trim();
