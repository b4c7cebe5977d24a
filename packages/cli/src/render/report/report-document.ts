import type { Document, Text } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Pasteable } from "../../pasteable.ts";
import { costSections } from "./cost-sections.ts";
import { dayAndTime, windowWords } from "./instants.ts";
import { loopSections } from "./loop-sections.ts";
import { methodSections } from "./method-sections.ts";
import { releaseSection } from "./release-section.ts";
import { placeOf, summarySections } from "./summary-sections.ts";
import { traceSection } from "./trace-section.ts";
import { rowOf, rowsOf } from "./words.ts";

/**
 * A report as a document: all the words, and no form. The same envelope gives the same document.
 *
 * @param pasteable makes its commands such that whoever asked can paste them; left out: as anybody types them
 */
export function reportDocument(
  envelope: ReportEnvelope,
  pasteable: Pasteable = (words) => words,
): Document {
  return {
    title: titleOf(envelope),
    subtitle: subtitleOf(envelope),
    sections: [
      ...summarySections(envelope),
      ...costSections(envelope),
      releaseSection(envelope),
      ...loopSections(envelope),
      traceSection(envelope, pasteable),
      ...methodSections(envelope, pasteable),
    ],
    footer: [
      `Draft by spancost ${envelope.reproduce.version}. Prices: `,
      {
        code: `${envelope.reproduce.catalogue} ${envelope.reproduce.catalogue_sha256.slice(0, 12)}`,
      },
      ". ",
      "The same calls give the same report, byte by byte. Prompts and answers are not in it: spancost keeps none.",
    ],
  };
}

function titleOf({ findings, delta_usd: delta, baseline_periods: periods }: ReportEnvelope): Text {
  if (periods === 0) return ["Cost report: there is no baseline"];
  const [finding] = rowsOf(findings);
  if (finding === undefined) return ["Cost report: no segment stands out"];
  const what = Number(delta) < 0 ? "Cost drop" : "Cost spike";
  return [`${what}: ${placeOf(rowOf(finding["segment"])) || "all model calls"}`];
}

function subtitleOf(envelope: ReportEnvelope): Text {
  const { window, baseline, baseline_periods: periods, baseline_day_kind: kind } = envelope;
  if (window === null) return [""];
  const compared =
    baseline === null
      ? "with no baseline"
      : periods === 1
        ? `compared with ${windowWords(baseline)}`
        : `compared with the same hours of ${periods} ${kind === null ? "" : `${kind} `}days, ${dayAndTime(baseline.since).day} to ${dayAndTime(baseline.until).day}`;
  return [{ strong: windowWords(window) }, ` · ${compared}`];
}
