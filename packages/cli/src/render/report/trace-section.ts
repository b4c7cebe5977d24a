import type { Section, Text } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Row } from "../../envelope/envelope.ts";
import { plain } from "../../flags/window.ts";
import type { Pasteable } from "../../pasteable.ts";
import { placeOf } from "./summary-sections.ts";
import { money, numberOf, rowOf, rowsOf, short, tableOf, textOf } from "./words.ts";

/** Requests to open and see with one's own eyes. */
export function traceSection({ traces, findings }: ReportEnvelope, pasteable: Pasteable): Section {
  const dearest = rowsOf(traces["dearest"]).map((trace) => ["dearest", trace] as const);
  const others = [
    ["in the middle", traces["median"]],
    ["usual, for comparison", traces["normal"]],
  ].flatMap(([words, trace]) => (trace === null ? [] : [[String(words), rowOf(trace)] as const]));
  const all = [...dearest, ...others];
  const place = placeOf(rowOf(findings[0]?.["segment"])) || "all calls";
  return {
    id: "traces",
    title: "Requests to look at",
    blocks:
      all.length === 0
        ? [{ kind: "text", text: ["No request with a known cost."] }]
        : [
            {
              kind: "text",
              text: ["Requests of ", { strong: place }, ", with what each cost in the window."],
            },
            {
              kind: "table",
              table: tableOf(
                [
                  "",
                  "Trace",
                  "Started (UTC)",
                  ">Cost",
                  ">Calls",
                  ">Retries",
                  ">Longest loop",
                  ">Tokens in",
                  ">out",
                  "Release",
                ],
                all.map(([words, trace]) => lineOf(words, trace)),
              ),
            },
            {
              kind: "commands",
              lines: all.map(
                ([words, trace]) =>
                  `${pasteable(`spancost trace ${textOf(trace["trace_id"])}`)}   # ${words}`,
              ),
            },
          ],
  };
}

function lineOf(words: string, trace: Row): (string | Text)[] {
  const releases = trace["releases"] ?? null;
  return [
    words,
    [{ code: textOf(trace["trace_id"]).slice(0, 12) }],
    plain(textOf(trace["started_at"])).slice(0, 16),
    money(trace["cost_usd"]),
    ...["calls", "retries", "max_loop_iteration", "input_tokens", "output_tokens"].map((name) =>
      short(numberOf(trace[name])),
    ),
    releases === null ? "–" : [{ code: textOf(releases) }],
  ];
}
