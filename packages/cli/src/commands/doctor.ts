import type { Command } from "commander";

export function defineDoctor(program: Command): Command {
  return program
    .command("doctor")
    .description("why no cost shows up: looks at a service's folder and at what has been received")
    .argument("[FOLDER]", "of the service, where its package.json is", ".")
    .addHelpText(
      "after",
      "\nLooks at package.json files and at what is stored; runs nothing. Inside a running service: SPANCOST_DOCTOR=1.\n" +
        "Ends with 1 where something keeps calls from being seen.\n\nExamples:\n  spancost doctor\n  spancost doctor ../chat-api",
    );
}
