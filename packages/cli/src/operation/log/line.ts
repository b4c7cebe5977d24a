/** How much a line matters, from least to most. */
export const levels = ["debug", "info", "warn", "error"] as const;

export type Level = (typeof levels)[number];

/** For people, or for programs that collect logs. */
export const logFormats = ["text", "json"] as const;

export type LogFormat = (typeof logFormats)[number];

/** Facts beside a message; `undefined` ones are left out. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One event. */
export interface LogLine {
  /** RFC 3339, in UTC. */
  readonly time: string;
  readonly level: Level;
  readonly event: string;
  readonly message: string;
  readonly fields: Fields;
}

/** Without the line feed at its end. A field cannot take the place of what every line has. */
export function toJsonText({ fields, ...line }: LogLine): string {
  return escaped(JSON.stringify({ ...line, ...fields, ...line }));
}

/** Without the line feed at its end. @param paint puts the level in its colour */
export function toPlainText(line: LogLine, paint: (level: Level, text: string) => string): string {
  const { time, level, event, message, fields } = line;
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${escaped(name)}=${valueText(value)}`);
  const head = `${time} ${paint(level, level.padEnd(5))} ${event}`;
  return `${head}  ${escaped(message)}${facts.length === 0 ? "" : ` ${facts.join("")}`}`;
}

function valueText(value: string | number | boolean | undefined): string {
  if (typeof value !== "string") return String(value);
  return escaped(/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
}

/**
 * `text` with what a terminal would obey, or a reader would not see, as JSON's escapes.
 *
 * Those are valid within JSON's strings too, in which alone such characters can stand.
 */
function escaped(text: string): string {
  return text.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
