import { type Block, type Section, verdictWords } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Row } from "../../envelope/envelope.ts";
import { dollars } from "./summary-sections.ts";
import { moneyChange, numberOf, rowOf, short, tableOf, textOf } from "./words.ts";

/** Whether a release is why. */
export function releaseSection({ releases, baseline_periods: periods }: ReportEnvelope): Section {
  const title = "Was it a release?";
  if (periods > 0) return { id: "releases", title, blocks: blocksOf(releases) };
  const text = ["Without a baseline no release can be compared with the one before it."];
  return { id: "releases", title, blocks: [{ kind: "text", text }] };
}

function blocksOf(releases: readonly Row[]): Block[] {
  if (releases.length === 0) {
    return [
      {
        kind: "text",
        text: ["No release is new beside the baseline, so none can be compared."],
      },
    ];
  }
  return [
    {
      kind: "list",
      items: releases.slice(0, mostSentences).map(({ sentence }) => [textOf(sentence)]),
    },
    {
      kind: "table",
      table: tableOf(
        [
          "Release",
          "Verdict",
          ">Requests",
          ">Cost per request",
          ">Calls per request",
          ">Input tokens per call",
          ">Excess",
        ],
        releases.map((release) => {
          const [now, old] = [rowOf(release["new"]), rowOf(release["old"])];
          const both = (name: string, show: (value: number | undefined) => string) =>
            `${show(numberOf(now[name]))} (was ${show(numberOf(old[name]))})`;
          return [
            (release["service"] ?? null) === null
              ? [{ code: textOf(release["release"]) }]
              : [{ code: textOf(release["service"]) }, " ", { code: textOf(release["release"]) }],
            verdictWords(textOf(release["verdict"]), textOf(release["control"])),
            short(numberOf(release["requests"])),
            both("mean_cost_per_request_usd", dollars),
            both("calls_per_request", short),
            both("input_tokens_per_call", short),
            moneyChange(release["excess_usd"]),
          ];
        }),
      ),
    },
    {
      kind: "text",
      text: [
        "“Was” is of the release that was replaced, for the same features in the same proportions: in the same hours where it still served at least 20 requests there, else in the baseline.",
      ],
    },
  ];
}

const mostSentences = 8;
