import { chartStyle } from "../charts/chart-style.ts";

/** The style of a report: for screens of any width, in light and dark, and for paper. */
export const pageStyle = `${chartStyle}
* { box-sizing: border-box; }
html { color-scheme: light dark; background: var(--paper); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 40px 20px 64px; }
header { border-bottom: 2px solid var(--ink); margin-bottom: 20px; padding-bottom: 14px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 20px; line-height: 1.3; margin: 44px 0 10px; padding-top: 12px; border-top: 1px solid var(--line); }
section:first-of-type h2 { border-top: 0; margin-top: 0; padding-top: 0; }
h3 { font-size: 16px; margin: 26px 0 6px; overflow-wrap: anywhere; }
p, ul { margin: 10px 0; overflow-wrap: anywhere; max-width: 74ch; } ul { padding-left: 22px; } li { margin: 4px 0; }
.subtitle { color: var(--quiet); margin: 0; }
#summary p { font-size: 18px; line-height: 1.5; }
code { font: .88em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--code); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
:root { --code: #eef1f4; --focus: #1d5fa8; } @media (prefers-color-scheme: dark) { :root { --code: #22282e; --focus: #7db6f2; } }
pre { background: var(--code); padding: 12px 14px; border-radius: 4px; overflow-x: auto; margin: 12px 0; } pre code { background: none; padding: 0; overflow-wrap: normal; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; background: var(--line); border: 1px solid var(--line); margin: 18px 0; }
.figures > div { background: var(--paper); padding: 12px 14px; }
.figures dt { font-size: 13px; color: var(--quiet); } .figures dd { margin: 0; }
.figures .value { font-size: 24px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; } .figures .note { font-size: 13px; color: var(--quiet); }
figure { margin: 18px 0; } .narrow { display: none; }
.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--quiet); font-size: 13px; border-bottom: 1px solid var(--quiet); white-space: nowrap; }
th, td { padding: 6px 14px 6px 0; vertical-align: top; } td { border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; } .right { text-align: right; white-space: nowrap; } .sum td { font-weight: 600; border-bottom: 0; border-top: 1px solid var(--quiet); }
td code { display: inline-block; max-width: 36ch; overflow-wrap: break-word; }
details { margin: 6px 0 14px; font-size: 14px; } summary { color: var(--quiet); cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.blank { border-left: 3px solid var(--line); padding: 4px 0 4px 14px; color: var(--quiet); font-style: italic; }
footer { margin-top: 48px; padding-top: 14px; border-top: 1px solid var(--line); font-size: 13px; color: var(--quiet); overflow-wrap: anywhere; }
@media (max-width: 620px) { .wide { display: none; } .narrow { display: block; } main { padding: 24px 16px 48px; } h1 { font-size: 24px; } #summary p { font-size: 17px; } .figures { grid-template-columns: 1fr 1fr; } .figures .value { font-size: 20px; } }
@media print { :root { --ink: #000; --quiet: #444; --line: #bbb; --paper: #fff; --code: #f2f2f2; --shade: #f6f0ec; --spend: #9aa7b4; --window: #c2491d; --dearer: #c2491d; --cheaper: #17776f; --total: #46596b; --band: #46596b; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; } .wide { display: block; } .narrow { display: none; } section, figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } section { break-inside: auto; } }
`;
