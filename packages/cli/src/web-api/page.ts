import { behindWarnings } from "../commands/behind-warning.ts";
import { toRows } from "../envelope/from-rows.ts";
import { plain } from "../flags/window.ts";
import type { Reader } from "../ports.ts";
import { money, numberText } from "../render/cells.ts";
import { environmentLines } from "../serving/environment-lines.ts";

/** What the page says about the receiver it belongs to. */
export interface ReceiverFacts {
  readonly version: string;
  readonly db: string;
  readonly otlpUrl: string;
  readonly startedAt: string;
}

/** Seconds after which the page loads itself again, so that its totals stay true. */
const refreshSeconds = 10;

/** The page at `/`: what runs here, how to send to it, what it holds, how to ask it. */
export async function landingPage(facts: ReceiverFacts, reader: Reader): Promise<string> {
  const totals = await totalsOf(reader);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<title>spancost</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>spancost ${escaped(facts.version)}</h1>
<p>This receiver takes OpenTelemetry traces and keeps what each call to a language model cost.
Prompts and answers are not stored.</p>
<h2>What it holds</h2>
${definitions(totals)}
<h2>Send traces to it</h2>
<p>Set this where your services start:</p>
<pre>${escaped(environmentLines(facts.otlpUrl).join("\n"))}</pre>
<h2>Ask it</h2>
<p>In a terminal beside the database, or as data from this address:</p>
<ul>
${questions.map(([command, url]) => `<li><code>${escaped(command)}</code> · <a href="${escaped(url)}">${escaped(url)}</a></li>`).join("\n")}
</ul>
<footer>Database ${escaped(facts.db)} · running since ${escaped(plain(facts.startedAt))} UTC ·
this page renews itself every ${refreshSeconds} seconds</footer>
</main>
</body>
</html>
`;
}

const questions: readonly (readonly [string, string])[] = [
  ["spancost top --since 24h", "/api/top?since=24h"],
  ["spancost explain", "/api/explain"],
  ["spancost report -o incident.html", "/api/report?format=html"],
  ["spancost query cost-per-trace --since 24h", "/api/query?name=cost-per-trace&since=24h"],
  ["spancost query --list", "/api/query?list=1"],
];

async function totalsOf(reader: Reader): Promise<readonly (readonly [string, string])[]> {
  const [row = {}] = toRows(
    await reader.readRows(`
      select
          (select count(*) from spans) as spans,
          count(*) as calls,
          count(*) filter (cost_usd is null) as unpriced_calls,
          sum(cost_usd) as cost_usd,
          sum(cost_usd) filter (started_at >= current_timestamp at time zone 'UTC' - interval 24 hours) as cost_24h_usd,
          max(started_at) as last_call
      from cost_records`),
  );
  const count = (name: string) => numberText(Number(row[name] ?? 0));
  const last = row["last_call"];
  const nothingYet = row["calls"] === 0;
  return [
    [
      "Cost of the last 24 hours",
      row["cost_24h_usd"] === null ? "no priced call" : money(row["cost_24h_usd"]),
    ],
    ["Cost of all calls", nothingYet ? "no call yet" : money(row["cost_usd"])],
    ["Model calls", count("calls")],
    ["of them unpriced", `${count("unpriced_calls")} (their cost is unknown and in no sum)`],
    ["Spans", count("spans")],
    ["Last call", typeof last === "string" ? `${plain(last)} UTC` : "none yet"],
    ...behindWarnings(await reader.behind?.()).map((text) => ["Not all of it", text] as const),
  ];
}

function definitions(entries: readonly (readonly [string, string])[]): string {
  const lines = entries.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`);
  return `<dl>\n${lines.join("\n")}\n</dl>`;
}

/** `text` as text of HTML, also within the quotes of an attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The page's style: the reader's own colours and font size. */
export const pageStyle = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem 1rem; }
main { max-width: 44rem; margin: 0 auto; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
pre { padding: .75rem 1rem; border: 1px solid; border-radius: .25rem; overflow-x: auto; }
footer { margin-top: 3rem; font-size: .85rem; opacity: .8; }
`;
