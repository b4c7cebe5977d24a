import type { Command } from "commander";
import { collect } from "../flags/options.ts";

/** A command whose answer a view of the page shows. */
export interface LinkedCommand {
  /** As it is typed behind `link`, and as the reading command is called. */
  readonly name: string;
  /** What it may be asked; "run" wherever costs are shown. */
  readonly takes: readonly string[];
  /** Adds the command, with the arguments and flags that are its own. */
  define(link: Command): Command;
}

const byWindow = ["since", "until", "run"];

/** The commands that can be linked to, in the order in which help lists them. */
export const linkedCommands: readonly LinkedCommand[] = [
  {
    name: "explain",
    takes: [...byWindow, "where", "baseline"],
    define: (link) =>
      link
        .command("explain")
        .description(
          "the view that explains a window; without --since, the spike that explain finds",
        )
        .option("--baseline <range>", "compare with T..T, prev-7d or similar-days"),
  },
  {
    name: "top",
    takes: [...byWindow, "where", "by"],
    define: (link) =>
      link
        .command("top")
        .description("the timeline, split by one dimension")
        .option("--by <dim>", "the dimension to split by"),
  },
  {
    name: "trace",
    takes: ["trace_id", "run"],
    define: (link) =>
      link
        .command("trace")
        .description("one trace")
        .argument("<TRACE_ID>", "32 hex digits, or the first 8 or more of them"),
  },
  {
    name: "query",
    takes: [...byWindow, "name", "param", "sql"],
    define: (link) =>
      link
        .command("query")
        .description("a query by name, or SQL of your own")
        .argument("[NAME]", "a query of queries/")
        .option("--param <k=v>", "a parameter of the query, repeatable", collect)
        .option("--sql <text>", "this SELECT"),
  },
];

/** `spancost link`, without the commands that can stand behind it. */
export function defineLink(program: Command): Command {
  return program
    .command("link")
    .description("the address at which the page shows what a command answers, with absolute times")
    .addHelpText(
      "after",
      "\nExamples:\n  spancost link explain --since 2h --where feature=search\n  spancost link trace 4bf92f35",
    );
}
