import type { Block, Section, Text } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Pasteable } from "../../pasteable.ts";
import { trustLine } from "../trust.ts";
import { windowWords } from "./instants.ts";
import { textOf } from "./words.ts";

/** How far to believe it, how it was noticed, how it was made; and what people have to add. */
export function methodSections(envelope: ReportEnvelope, pasteable: Pasteable): Section[] {
  return [
    { id: "quality", title: "How far to believe it", blocks: quality(envelope) },
    { id: "limits", title: "What this does not prove", blocks: limits(envelope) },
    { id: "detection", title: "Detection", blocks: detection(envelope) },
    {
      id: "people",
      title: "Root cause, resolution, actions",
      blocks: [
        {
          kind: "blank",
          what: "the root cause: what in the code, the prompt or the traffic changed.",
        },
        { kind: "blank", what: "the resolution: what ended it, and when." },
        { kind: "blank", what: "actions, each with an owner and a date." },
        { kind: "blank", what: "lessons: what went well, what went wrong, where there was luck." },
      ],
    },
    {
      id: "method",
      title: "Method, and how to make this again",
      blocks: method(envelope, pasteable),
    },
  ];
}

function quality({ trust, warnings }: ReportEnvelope): Block[] {
  const notes: Text[] = warnings.map((warning) => [textOf(warning)]);
  return [
    { kind: "text", text: [trustLine(trust).replace(/^Trust: /, "")] },
    ...(notes.length === 0 ? [] : [{ kind: "list", items: notes } as const]),
    {
      kind: "text",
      text: [
        "Calls without a price are in no amount. Each billable call counts once, whoever told of it.",
      ],
    },
  ];
}

function limits({ releases, findings, baseline_periods: periods }: ReportEnvelope): Block[] {
  const isControlled = releases.some(({ control }) => control === "same_hours");
  const items: Text[] = [
    [
      "Spans show where the cost rose and by what; the cause inside a release, a prompt or a customer's habits is not visible in them.",
    ],
    ...(releases.length === 0
      ? []
      : [
          [
            isControlled
              ? "A release that ran beside the old one in the same hours was compared with it; other things that changed with the release at the same time would look the same."
              : "The releases were compared with earlier days, for the old ones were gone: whatever else changed at the same time looks the same.",
          ] as Text,
        ]),
    ...(findings.length > 0
      ? [
          [
            "What a finding holds is all that happened to its calls, the part of other changes that fell on them included.",
          ] as Text,
        ]
      : []),
    ...(periods > 0 && periods < fewPeriods
      ? [
          [
            `The baseline is ${periods === 1 ? "one stretch" : `${periods} stretches`} of time: how much such hours vary by themselves is little known.`,
          ] as Text,
        ]
      : []),
    ["Requests that cross the edge of the window count with the calls that started inside."],
  ];
  return [{ kind: "list", items }];
}

const fewPeriods = 4;

function detection({ detection: found }: ReportEnvelope): Block[] {
  const text =
    found === null
      ? "The window was named by whoever asked; spancost did not look for it."
      : textOf(found["sentence"]);
  return [
    { kind: "text", text: [text] },
    {
      kind: "blank",
      what: "who noticed it, when, and by what; whether an alert could have come earlier.",
    },
  ];
}

function method(
  { reproduce, window, baseline, baseline_periods: periods }: ReportEnvelope,
  pasteable: Pasteable,
): Block[] {
  const compared =
    window === null || baseline === null || periods === 0
      ? ""
      : ` The window is ${windowWords(window)}; the baseline is ${periods === 1 ? "" : `the mean of ${periods} stretches of the same hours from `}${windowWords(baseline)}.`;
  return [
    {
      kind: "text",
      text: [
        `Each amount is a sum of exact cost records, one per billable call.${compared} Steps of a bridge are Shapley values over eight factors; segments are found by a scan over all combinations of labels, and told where they are more surprising than on any earlier day. docs/method.md of spancost has the formulas.`,
      ],
    },
    {
      kind: "commands",
      lines: [reproduce.command, reproduce.explain_command].map((line) => pasteable(textOf(line))),
    },
  ];
}
