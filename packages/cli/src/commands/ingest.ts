import type { Command } from "commander";

export function defineIngest(program: Command): Command {
  return program
    .command("ingest")
    .description("read files of OTLP traces: .pb, .json, .jsonl/.ndjson; plain, .gz or .zst")
    .argument("<FILE...>", "files, or - for standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  spancost ingest traces.jsonl.gz more.pb\n  kubectl logs collector | spancost ingest -",
    );
}
