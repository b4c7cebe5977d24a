import { shellWord } from "./shell-word.ts";
import { defaultDb, type SourceFlags } from "./sources/open-source.ts";

/** Words with commands in them → the same, with the commands as whoever asked has to type them. */
export type Pasteable = (words: string) => string;

/** Commands that hints name. Some ask a receiver as well as a file, some have a file only, some neither. */
const asking = "top|trace|explain|report|query|check|snapshot|doctor|prices [a-z]+";
const withFile = "serve|ingest";
const withNeither = "demo|token";

const named = new RegExp(
  `(?:npx )?\\bspancost (?:(${asking})|(${withFile})|(${withNeither}))\\b(?![-/])(?=(.*))`,
  "g",
);

/**
 * Makes hints such that they can be pasted: through npx where spancost runs so, and to the database or receiver that
 * was asked. What the environment and the settings name stays unsaid: it is there again.
 */
export function pasteableFor(
  env: Readonly<Record<string, string | undefined>>,
  flags?: SourceFlags,
): Pasteable {
  const program = isRunByNpm(env) ? "npx spancost" : "spancost";
  const file = flags === undefined ? "" : fileFlag(flags);
  const source = flags?.typed.includes("url") ? ` --url ${shellWord(flags.url ?? "")}` : file;
  return (words) =>
    words.replace(named, (_, asks?: string, has?: string, other?: string, rest = "") => {
      const [ofThis = ""] = rest.split("spancost ");
      const isSaid = / --(db|url)\b/.test(ofThis);
      if (asks !== undefined) return `${program} ${asks}${isSaid ? "" : source}`;
      return `${program} ${has ?? other}${has === undefined || isSaid ? "" : file}`;
    });
}

/** In a clone and with npx, `spancost` alone is no command of the shell. */
function isRunByNpm(env: Readonly<Record<string, string | undefined>>): boolean {
  return env["npm_command"] !== undefined || env["npm_lifecycle_event"] !== undefined;
}

function fileFlag({ db, typed, inEnvironment }: SourceFlags): string {
  if (!typed.includes("db") || db === ":memory:") return "";
  return db === defaultDb && inEnvironment.length === 0 ? "" : ` --db ${shellWord(db)}`;
}
