import { reportOn } from "@spancost/analysis";
import { catalogueVersion } from "@spancost/pricing";
import type { Command } from "commander";
import { schemaOf } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { Pasteable } from "../pasteable.ts";
import { documentMarkdown } from "../render/report/document-markdown.ts";
import { reportDocument } from "../render/report/report-document.ts";
import { version } from "../version.ts";
import { detectionRow } from "./detection-row.ts";
import { type ExplainEnvelope, explainAnswer, nothingToExplain } from "./explain.ts";
import { evidenceOf } from "./explain-evidence.ts";
import { explainQuestion } from "./explain-question.ts";
import { withFirstCalls } from "./first-calls.ts";
import { detect, judgeDetected } from "./judge-detected.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { type Reproduction, reproductionOf } from "./report-command-line.ts";
import { evidenceAnswer } from "./report-evidence.ts";
import { reportRows } from "./report-rows.ts";
import { segmentQueries } from "./segment-queries.ts";

/** Answer of `spancost report`: what explain answers, and all else that a postmortem needs. */
export type ReportEnvelope = ExplainEnvelope &
  ReturnType<typeof reportRows> & {
    /** How to make the same report again. */
    readonly reproduce: Reproduction & {
      readonly version: string;
      readonly catalogue: string;
      readonly catalogue_sha256: string;
    };
  };

export const report: ReadingCommand = {
  name: "report",
  takes: ["since", "until", "baseline", "by", "where", "run", "evidence"],
  needsStore: () => true,
  tellsWindow: true,

  define(program: Command): Command {
    return program
      .command("report")
      .description("a report on a spike for a postmortem: Markdown, HTML, JSON and the evidence")
      .option(
        "--baseline <range>",
        "compare with T..T, or prev-7d: the same hours of the 7 days before (default: of those of them that are like the window's day)",
      )
      .option("--by <dims>", "look for causes in these dimensions only")
      .option(
        "-o, --out <path>",
        "a folder for all of it, or one file: .md, .html or .json (default: Markdown to stdout)",
      )
      .addHelpText(
        "after",
        "\nWithout --since it reports on the spike of the last 24 hours that have records, if there is one.\n" +
          "\nExamples:\n  spancost report\n  spancost report --since 14:10 --until 17:35 -o incident\n" +
          "  spancost report -o incident.html",
      );
  },

  prepare(texts: Texts, now: number) {
    const asked = explainQuestion(texts, now);
    const traceIds = (texts.one("evidence") ?? "")
      .split(",")
      .filter((id) => /^[0-9a-f]{32}$/.test(id));
    return async ({ reader }) => {
      const queries = segmentQueries(reader);
      const detection = await detect(reader, queries, asked);
      const isEvidence = texts.isSet("evidence");
      if (isEvidence && detection?.kind !== "found") {
        return evidenceAnswer(reader, queries, asked, traceIds);
      }
      const detected = await judgeDetected(queries, asked, detection);
      const { question, judged } = detected;
      if (isEvidence) return evidenceAnswer(reader, queries, question, traceIds);
      if ("kind" in judged) return nothingToExplain("report", reader, judged.window, texts);
      const found = await reportOn(queries, question, judged);
      const { window, findings } = found.explanation;
      const evidence = await evidenceOf(reader, window, findings);
      const explained = explainAnswer(found, evidence, question.by);
      const answer: ReportEnvelope = {
        schema: schemaOf("report"),
        ...explained,
        releases: await withFirstCalls(reader, explained.releases),
        detection: detectionRow(detected),
        ...reportRows(found),
        reproduce: {
          ...reproductionOf(question, window, texts),
          version,
          catalogue: catalogueVersion.source,
          catalogue_sha256: catalogueVersion.sha256,
        },
      };
      return answer;
    };
  },

  table: (envelope, page) => reportMarkdown(envelope as ReportEnvelope, page.pasteable),
  async html(envelope) {
    // What draws the charts takes longer to load than most questions to answer.
    const { documentHtml } = await import("../render/report/document-files.ts");
    return documentHtml(reportDocument(envelope as ReportEnvelope));
  },
  markdown: (envelope, pasteable) => reportMarkdown(envelope as ReportEnvelope, pasteable),
};

/** The report as Markdown alone, without pictures; nothing where there is nothing to report on. */
function reportMarkdown(envelope: ReportEnvelope, pasteable: Pasteable | undefined): string {
  if (envelope.no_data === true) return "";
  return documentMarkdown(reportDocument(envelope, pasteable));
}
