import { Command } from "commander";
import { defineCompletion } from "./commands/completion.ts";
import { defineConfig, runConfig } from "./commands/config.ts";
import { type DemoFlags, defineDemo } from "./commands/demo.ts";
import { defineDoctor } from "./commands/doctor.ts";
import { defineIngest } from "./commands/ingest.ts";
import { defineLink, linkedCommands } from "./commands/link.ts";
import { defineMcp } from "./commands/mcp.ts";
import {
  commonTexts,
  type ReadingCommand,
  type WritingCommand,
} from "./commands/reading-command.ts";
import { readingCommands } from "./commands/reading-commands.ts";
import { runReading, runWriting } from "./commands/run-reading.ts";
import { defineServe, type ServeFlags } from "./commands/serve.ts";
import { defineSnapshot, runSnapshot } from "./commands/snapshot.ts";
import { defineToken, type TokenFlags } from "./commands/token.ts";
import { writingCommands } from "./commands/writing-commands.ts";
import { UsageError } from "./errors.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "./exit-codes.ts";
import {
  addFormatOptions,
  addRunOption,
  addSourceOptions,
  addWindowOptions,
  addZoneOption,
  dbOption,
  formatOf,
  namedSource,
  sourceFlags,
  textsOf,
} from "./flags/options.ts";
import { hintingAt, quiet } from "./io.ts";
import type { Io } from "./ports.ts";
import { printWarnings } from "./print.ts";
import { harmlessLines } from "./render/text-width.ts";
import { applySettings } from "./settings/settings-file.ts";
import { unknownVariables } from "./settings/unknown-variables.ts";
import { didYouMean } from "./suggest.ts";
import { version } from "./version.ts";

/** The command line. What its actions end with is left in `exitCode`. */
export interface Program {
  readonly command: Command;
  readonly exitCode: () => ExitCode;
  /** The streams as the command has them that was run last. */
  readonly io: () => Io;
}

/** Makes an action of what runs a command with the streams that its flags leave it. */
type Ends = (run: (command: Command, io: Io) => Promise<ExitCode>) => () => Promise<void>;

/** What is answered without any setting, however wrong their file is. */
const withoutSettings: ReadonlySet<string> = new Set(["complete", "completion", "help"]);

/** As from a variable of a script that is not set. @throws UsageError */
function refuseEmptyArguments({ args, registeredArguments }: Command): void {
  const nth = args.indexOf("");
  if (nth < 0) return;
  // The last one may take several.
  const name = (registeredArguments[nth] ?? registeredArguments.at(-1))?.name();
  throw new UsageError(`${name} must not be empty. Run with --help for what it takes.`);
}

/** All commands with their arguments and flags. */
export function createProgram(io: Io): Program {
  let exitCode: ExitCode = exitCodes.ok;
  let asked = io;
  const ends: Ends = (run) =>
    async function (this: Command) {
      const { quiet: isQuiet } = this.opts<{ quiet?: boolean }>();
      asked = hintingAt(namedSource(this), isQuiet ? quiet(io) : io);
      refuseEmptyArguments(this);
      exitCode = await run(this, asked);
    };
  const program = new Command("spancost")
    .description(
      "What model calls cost, per request, and why: from the OpenTelemetry traces you already have.",
    )
    .version(version, "-V, --version", "print the version")
    .option("--debug", "show stack traces of failures")
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) =>
        write(
          `${io.stderr.style("red", "spancost:")} ${harmlessLines(text.replace(/^error: /, ""))}Run with --help for what it takes.\n`,
        ),
    });
  const common = (command: Command) =>
    command
      .option("--quiet", "leave out progress, hints and notes; errors and warnings stay")
      .option("--debug", "show stack traces of failures");

  // What these need (SDK, exporter, HTTP server) takes longer to load than most questions to answer.
  common(addFormatOptions(defineDemo(program))).action(
    ends(async (command, io) => {
      const { runDemo } = await import("./demo/run-demo.ts");
      return runDemo(command.opts<DemoFlags>(), formatOf(command), io);
    }),
  );
  common(defineServe(program)).action(
    ends(async (command, io) => {
      const { runServe } = await import("./serving/run-serve.ts");
      return runServe(command.opts<ServeFlags>(), unknownVariables(program, io.env), io);
    }),
  );
  common(addFormatOptions(defineIngest(program).addOption(dbOption()))).action(
    ends(async (command, io) => {
      const { runIngest } = await import("./commands/run-ingest.ts");
      return runIngest(command.args, command.opts<{ db: string }>().db, formatOf(command), io);
    }),
  );
  for (const reading of readingCommands) common(defineReading(program, reading, ends));
  const link = defineLink(program);
  for (const linked of linkedCommands) {
    const windowed = addSourceOptions(addWindowOptions(linked.define(link), linked.takes));
    const command = addZoneOption(addRunOption(windowed));
    common(command).action(
      ends(async (self, io) => {
        const { runLink } = await import("./commands/run-link.ts");
        const texts = textsOf(self, [...linked.takes, ...commonTexts]);
        return runLink(linked, texts, sourceFlags(self), io);
      }),
    );
  }
  for (const writing of writingCommands) common(defineWriting(program, writing, ends));
  common(addSourceOptions(defineSnapshot(program))).action(
    ends((command, io) => {
      const force = command.opts<{ force?: boolean }>().force === true;
      return runSnapshot(command.args[0] ?? "", force, sourceFlags(command), io);
    }),
  );
  common(addZoneOption(addFormatOptions(addSourceOptions(defineDoctor(program))))).action(
    ends(async (command, io) => {
      const { runDoctor } = await import("./commands/run-doctor.ts");
      const folder = command.args[0] ?? ".";
      const texts = textsOf(command, commonTexts);
      return runDoctor(folder, texts, sourceFlags(command), formatOf(command), io);
    }),
  );
  common(addSourceOptions(defineMcp(program))).action(
    ends(async (command, io) => {
      const { runMcp } = await import("./mcp/run-mcp.ts");
      return runMcp(sourceFlags(command), io);
    }),
  );
  common(defineToken(program)).action(
    ends(async (command, io) => {
      const { runToken } = await import("./commands/run-token.ts");
      return runToken(command.args[0] ?? "", command.opts<TokenFlags>(), io);
    }),
  );
  common(addFormatOptions(defineConfig(program))).action(
    ends(async (command, io) => runConfig(program, formatOf(command), io)),
  );
  defineCompletion(program, io.stdout);
  defineHelp(program, io);
  program.hook("preAction", (_, action) => {
    if (withoutSettings.has(action.name())) return;
    // A receiver tells it in its log, which may have to be JSON.
    if (action.name() !== "serve") printWarnings(unknownVariables(program, io.env), io);
    applySettings(program);
  });
  return { command: program, exitCode: () => exitCode, io: () => asked };
}

function defineReading(program: Command, reading: ReadingCommand, ends: Ends): Command {
  const command = addSourceOptions(addWindowOptions(reading.define(program), reading.takes));
  if (reading.takes.includes("run")) addRunOption(command);
  return addFormatOptions(addZoneOption(command)).action(
    ends(async (self, io) => {
      const texts = textsOf(self, [...reading.takes, ...commonTexts]);
      const format = formatOf(self);
      const { out, notify } = self.opts<{ out?: string; notify?: string }>();
      if (out !== undefined) {
        const { runReport } = await import("./commands/run-report.ts");
        return runReport(out, texts, sourceFlags(self), io);
      }
      if (notify !== undefined) {
        const { runCheck } = await import("./commands/run-check.ts");
        return runCheck(notify, texts, sourceFlags(self), format, io);
      }
      return runReading(reading, texts, sourceFlags(self), format, io);
    }),
  );
}

function defineWriting(program: Command, writing: WritingCommand, ends: Ends): Command {
  const command = addSourceOptions(addWindowOptions(writing.define(program), writing.takes));
  return addFormatOptions(addZoneOption(command)).action(
    ends((self, io) => {
      const texts = textsOf(self, [...writing.takes, ...commonTexts]);
      return runWriting(writing, texts, sourceFlags(self), formatOf(self), io);
    }),
  );
}

/** `help`, `help COMMAND` and the topics that belong to no command. */
function defineHelp(program: Command, io: Io): void {
  program
    .command("help")
    .description("help on a command, or on exit-codes")
    .argument("[TOPIC]", "a command, or exit-codes")
    .action((topic: string | undefined) => {
      if (topic === "exit-codes") {
        io.stdout.write(exitCodesHelp);
        return;
      }
      const command =
        topic === undefined ? program : program.commands.find((each) => each.name() === topic);
      if (command === undefined) {
        const topics = [...program.commands.map((each) => each.name()), "exit-codes"];
        throw new UsageError(
          `there is no help on "${topic}".${didYouMean(topic ?? "", topics)} There is help on ${topics.join(", ")}.`,
        );
      }
      io.stdout.write(command.helpInformation());
    });
}
