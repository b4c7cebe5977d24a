import type { Out, TextStyle } from "../../ports.ts";
import { Counter } from "../metrics/counter.ts";
import type { Family } from "../metrics/family.ts";
import { clean, problemOf } from "./clean.ts";
import type { LogEvent } from "./events.ts";
import {
  type Fields,
  type Level,
  type LogFormat,
  type LogLine,
  levels,
  toJsonText,
  toPlainText,
} from "./line.ts";
import { Repeats } from "./repeats.ts";

/** What a log is written by. */
export interface LogOptions {
  readonly out: Pick<Out, "write" | "style">;
  readonly format: LogFormat;
  /** What matters less is not written. Default `info`. */
  readonly level?: Level;
  /** Milliseconds since 1970. */
  now(): number;
}

type Say = (event: LogEvent, message: string, fields?: Fields) => void;

/**
 * What happens, a line per event. The same event with the same message, but for its numbers, is written once a
 * minute, with `repeated` for how often it was not.
 *
 * Nothing of a request goes into it: no body, header, token, prompt or attribute.
 */
export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
  /** An error of others, as the line's message, and its code where it has one. */
  failure(event: LogEvent, error: unknown, fields?: Fields): void;
  /** Lines by level, those that repeat included. */
  family(): Family;
  /** Writes how often what was left out was repeated. */
  close(): void;
}

export function createLog({ out, format, level: least = "info", now }: LogOptions): Log {
  const repeats = new Repeats();
  const counts = new Counter<"level">(
    "spancost_log_lines_total",
    "Events logged, those included that were not written because they repeat.",
    levels.map((level) => ({ level })),
  );
  const paint = (level: Level, text: string) => {
    const style = styles[level];
    return style === undefined ? text : out.style(style, text);
  };
  const write = (line: LogLine) =>
    out.write(`${format === "json" ? toJsonText(line) : toPlainText(line, paint)}\n`);
  const say =
    (level: Level): Say =>
    (event, message, fields = {}) => {
      counts.add(1, { level });
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      const time = new Date(now()).toISOString();
      const line = { time, level, event, message: clean(message), fields: cleaned(fields) };
      repeats.offer(event, `${level} ${withoutNumbers(line.message)}`, (repeated) =>
        write(repeated === 0 ? line : { ...line, fields: { ...line.fields, repeated } }),
      );
    };
  const error = say("error");
  return {
    debug: say("debug"),
    info: say("info"),
    warn: say("warn"),
    error,
    failure(event, problem, fields) {
      const { message, code } = problemOf(problem);
      error(event, message, { code, ...fields });
    },
    family: () => counts.family(),
    close: () => repeats.close(),
  };
}

const styles: Readonly<Partial<Record<Level, TextStyle>>> = {
  debug: "dim",
  warn: "yellow",
  error: "red",
};

/** Ids and counts make no other message of it. */
function withoutNumbers(message: string): string {
  return message.replace(/\b(?:[0-9a-f]{8,}|\d+)\b/gi, "#");
}

function cleaned(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? clean(value) : value,
    ]),
  );
}
