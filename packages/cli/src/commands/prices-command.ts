import type { Command } from "commander";

/** The command that those about prices are subcommands of: made by the first that asks. */
export function pricesCommand(program: Command): Command {
  const known = program.commands.find((command) => command.name() === "prices");
  return (
    known ??
    program
      .command("prices")
      .description("what models cost, where the prices come from, and what they do not cover")
      .helpCommand(false)
  );
}
