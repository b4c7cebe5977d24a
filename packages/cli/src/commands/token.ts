import type { Command } from "commander";

/** What `token` is told. */
export interface TokenFlags {
  readonly scope: string;
  readonly team?: string;
}

export function defineToken(program: Command): Command {
  return program
    .command("token")
    .description("make a token for a sender, or for somebody who asks")
    .argument("<NAME>", "whose it is: for logs, and limits")
    .option("--scope <scopes>", "write, read, or write,read", "write")
    .option("--team <team>", "the team that everything sent with it belongs to")
    .addHelpText(
      "after",
      "\nPrints the line for the file of --tokens, which holds only a digest, and the token itself on stderr.\n" +
        "\nExamples:\n  spancost token support-api --team support >> tokens.txt\n" +
        "  OTEL_EXPORTER_OTLP_HEADERS='Authorization=Bearer%20TOKEN'   # for the service",
    );
}
