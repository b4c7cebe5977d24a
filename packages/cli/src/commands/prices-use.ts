import type { Command } from "commander";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { CommandError, UsageError } from "../errors.ts";
import { type Texts, wholeNumber } from "../flags/texts.ts";
import { pricesCommand } from "./prices-command.ts";
import type { WritingCommand } from "./reading-command.ts";

type UseEnvelope = Envelope & {
  /** 0 is what was booked. */
  readonly run: number;
};

/** `spancost prices use`: which prices everyone reads who asks for none. */
export const pricesUse: WritingCommand = {
  name: "prices-use",
  takes: ["run"],

  define(program: Command): Command {
    return pricesCommand(program)
      .command("use")
      .description("make a re-pricing, or what was booked, what everyone reads")
      .argument("<RUN>", "a number, see spancost prices runs; or booked")
      .addHelpText("after", "\nExamples:\n  spancost prices use 2\n  spancost prices use booked");
  },

  prepare(texts: Texts) {
    const run = runNumber(texts.one("run"));
    return async ({ desk }) => {
      if (!(await desk.choosePricingRun(run))) throw noRun(run);
      return { schema: schemaOf("prices-use"), window: null, run, rows: [{ run }], warnings: [] };
    };
  },

  table(envelope) {
    const { run } = envelope as UseEnvelope;
    return run === 0
      ? "Costs are read as they were booked."
      : `Costs are read as of run ${run}; what it did not see, as booked. Back: spancost prices use booked`;
  },
};

/**
 * The run that a text names: its number, or 0 for "booked".
 *
 * @throws UsageError
 */
export function runNumber(text: string | undefined): number {
  if (text === undefined)
    throw new UsageError("a run is a number, see spancost prices runs; or booked.");
  return text === "booked" ? 0 : wholeNumber("run", text, 0);
}

export function noRun(run: number): CommandError {
  return new CommandError(
    `there is no pricing run ${run}. See what runs there are: spancost prices runs.`,
  );
}
