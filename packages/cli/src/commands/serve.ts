import { type Command, Option } from "commander";
import { collect, dbOption } from "../flags/options.ts";

/** What `serve` runs on. */
export interface ServeFlags {
  readonly db: string;
  readonly host: string;
  readonly httpPort: string;
  readonly webHost: string;
  readonly webPort: string;
  readonly allowHost?: readonly string[];
}

export function defineServe(program: Command): Command {
  const option = (flags: string, help: string, env: string, preset: string) =>
    new Option(flags, help).env(env).default(preset);
  return program
    .command("serve")
    .description("receive OTLP traces over HTTP, keep them, and answer questions about them")
    .addOption(dbOption())
    .addOption(option("--host <host>", "address to receive on", "SPANCOST_HOST", "127.0.0.1"))
    .addOption(option("--http-port <port>", "OTLP/HTTP port", "SPANCOST_HTTP_PORT", "4318"))
    .addOption(
      option("--web-host <host>", "address of page and API", "SPANCOST_WEB_HOST", "127.0.0.1"),
    )
    .addOption(option("--web-port <port>", "port of page and API", "SPANCOST_WEB_PORT", "4319"))
    .option(
      "--allow-host <name>",
      "a name under which the page may be reached, repeatable",
      collect,
    )
    .addHelpText(
      "after",
      "\nPort 0 takes a free one. Stop with Ctrl-C: what was accepted is stored.",
    );
}
