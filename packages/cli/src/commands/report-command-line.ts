import type { Period, Question } from "@spancost/analysis";
import type { Texts } from "../flags/texts.ts";
import { shellWord } from "../shell-word.ts";

/** How to make an answer again: the same line gives the same bytes while the same calls are stored. */
export type Reproduction = {
  /** With absolute times. */
  readonly command: string;
  readonly explain_command: string;
};

/** @param window what was reported on; `question` may have left it to the data */
export function reproductionOf(question: Question, window: Period, texts: Texts): Reproduction {
  const { baseline: named } = question;
  const flags = [
    ["--since", window.since],
    ["--until", window.until],
    ...(typeof named === "object" ? [["--baseline", `${named.since}..${named.until}`]] : []),
    ...(named === "prev-7d" ? [["--baseline", "prev-7d"]] : []),
    ...texts.all("by").map((text) => ["--by", text]),
    ...texts.all("where").map((text) => ["--where", text]),
    ...texts.all("run").map((text) => ["--run", text]),
  ].map(([flag = "", value = ""]) => `${flag} ${shellWord(value)}`);
  return {
    command: ["spancost report", ...flags, "-o incident"].join(" "),
    explain_command: ["spancost explain", ...flags].join(" "),
  };
}
