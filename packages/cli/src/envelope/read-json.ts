import { CommandError } from "../errors.ts";
import type { Envelope } from "./envelope.ts";
import { ExactNumber } from "./exact-number.ts";

/**
 * An envelope as a receiver sent it.
 *
 * @throws CommandError where `text` is none, or one of another version
 */
export function readEnvelope(text: string, schema: string): Envelope {
  const value = parse(text) as Partial<Envelope> | null;
  if (typeof value !== "object" || value === null || typeof value.schema !== "string") {
    throw new CommandError(`the receiver's answer is not of spancost: expected ${schema}`);
  }
  if (value.schema !== schema) {
    throw new CommandError(
      `the receiver answers with ${value.schema}, this command knows ${schema}: ` +
        "run the same version of spancost on both sides",
    );
  }
  return value as Envelope;
}

/** A string, or a number, of a JSON text. */
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
/** The member under which a number waits for `revive`. No spancost answers with such a name. */
const digitsKey = "\u0000digits";

/** Numbers that a double cannot hold stay exact: before they are parsed, they are put aside as texts. */
function parse(text: string): unknown {
  const kept = text.replace(token, (found) =>
    found.startsWith('"') || String(Number(found)) === found
      ? found
      : JSON.stringify({ [digitsKey]: found }),
  );
  try {
    return JSON.parse(kept, revive);
  } catch {
    return undefined;
  }
}

function revive(_name: string, value: unknown): unknown {
  const digits = (value as { [digitsKey]?: unknown } | null)?.[digitsKey];
  return typeof digits === "string" ? new ExactNumber(digits) : value;
}
