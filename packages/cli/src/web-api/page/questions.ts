import { compare } from "./compare.ts";
import { now } from "./now.ts";
import type { PageQuestion } from "./page-question.ts";
import { queries } from "./queries.ts";
import { spike } from "./spike.ts";
import { timeline } from "./timeline.ts";
import { traces } from "./traces.ts";

/** What the page asks beside what people ask by command. */
export const pageQuestions: readonly PageQuestion[] = [
  now,
  spike,
  timeline,
  compare,
  traces,
  queries,
];
