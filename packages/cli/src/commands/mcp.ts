import type { Command } from "commander";

export function defineMcp(program: Command): Command {
  return program
    .command("mcp")
    .description(
      "answer an assistant's questions over the Model Context Protocol, on stdin and stdout",
    )
    .addHelpText(
      "after",
      "\nIt only reads, and answers with numbers, at most 20 rows, and the address of the page that shows the same.\n" +
        "\nExamples, as a client starts it:\n  spancost mcp --db /var/lib/spancost/spancost.duckdb\n  spancost mcp --url http://costs:4319",
    );
}
