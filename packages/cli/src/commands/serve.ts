import { type Command, Option } from "commander";
import { collect, dbOption } from "../flags/options.ts";
import { type Level, type LogFormat, levels, logFormats } from "../operation/log/line.ts";
import type { KeepFlags } from "./archive-flags.ts";

/** What `serve` runs on. */
export interface ServeFlags extends KeepFlags {
  readonly db: string;
  readonly host: string;
  readonly httpPort: string;
  readonly grpcPort: string;
  readonly tokens?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly insecure?: boolean;
  readonly webHost: string;
  readonly webPort: string;
  readonly logFormat: LogFormat;
  readonly logLevel: Level;
  readonly traceLink?: string;
  readonly allowHost?: readonly string[];
  readonly archiveDir?: string;
  readonly budgets?: string;
  readonly notify?: string;
  readonly forward?: readonly string[];
  readonly forwardHeader?: readonly string[];
  readonly forwardContent?: readonly string[];
}

export function defineServe(program: Command): Command {
  const option = (flags: string, help: string, env: string, preset: string) =>
    new Option(flags, help).env(env).default(preset);
  return program
    .command("serve")
    .description(
      "receive OTLP traces over HTTP and gRPC, keep them, and answer questions about them",
    )
    .addOption(dbOption())
    .addOption(option("--host <host>", "address to receive on", "SPANCOST_HOST", "127.0.0.1"))
    .addOption(option("--http-port <port>", "OTLP/HTTP port", "SPANCOST_HTTP_PORT", "4318"))
    .addOption(option("--grpc-port <port>", "OTLP/gRPC port", "SPANCOST_GRPC_PORT", "4317"))
    .addOption(
      option("--web-host <host>", "address of page and API", "SPANCOST_WEB_HOST", "127.0.0.1"),
    )
    .addOption(option("--web-port <port>", "port of page and API", "SPANCOST_WEB_PORT", "4319"))
    .addOption(
      new Option("--tokens <file>", "who may send: a line for each token").env("SPANCOST_TOKENS"),
    )
    .option("--tls-cert <file>", "certificate to receive with, in PEM")
    .option("--tls-key <file>", "its key, in PEM")
    .option("--tls-client-ca <file>", "authority that must have signed every sender's certificate")
    .option("--insecure", "listen for other machines without tokens and TLS")
    .addOption(
      new Option(
        "--trace-link <url>",
        "where a trace can be seen whole, with {trace_id} in it: the page links there",
      ).env("SPANCOST_TRACE_LINK"),
    )
    .option(
      "--allow-host <name>",
      "a name under which the page may be reached, repeatable",
      collect,
    )
    .addOption(
      new Option("--keep <age>", "delete cost records that are older, such as 90d").env(
        "SPANCOST_KEEP",
      ),
    )
    .addOption(
      new Option("--keep-spans <age>", "delete spans that are older, such as 14d").env(
        "SPANCOST_KEEP_SPANS",
      ),
    )
    .addOption(
      new Option("--max-size <size>", "delete the oldest days where the database is larger").env(
        "SPANCOST_MAX_SIZE",
      ),
    )
    .addOption(
      new Option("--archive-dir <dir>", "the folder that spancost archive may write into").env(
        "SPANCOST_ARCHIVE_DIR",
      ),
    )
    .addOption(
      new Option("--budgets <file>", "watch these budgets: see docs/budgets.md").env(
        "SPANCOST_BUDGETS",
      ),
    )
    .addOption(
      new Option(
        "--notify <url>",
        "POST there when a budget is breached, close to it, or well again",
      ).env("SPANCOST_NOTIFY"),
    )
    .option("--forward <[name=]url>", "send spans on with their cost, repeatable", collect)
    .option("--forward-header <[name:]k=v>", "header for it, repeatable; v may be env:VAR", collect)
    .option(
      "--forward-content <[name=]mode>",
      "keep or strip prompts and answers on the way; default strip",
      collect,
    )
    .addOption(
      option(
        "--log-format <format>",
        "of what goes to stderr",
        "SPANCOST_LOG_FORMAT",
        "text",
      ).choices(logFormats),
    )
    .addOption(
      option(
        "--log-level <level>",
        "the least that is logged",
        "SPANCOST_LOG_LEVEL",
        "info",
      ).choices(levels),
    )
    .addHelpText(
      "after",
      "\nPort 0 takes a free one. Stop with Ctrl-C: what was accepted is stored.",
    );
}
