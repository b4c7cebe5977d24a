import { Texts } from "../flags/texts.ts";
import type { Arguments } from "./tool.ts";

const time = "2h, 7d, 2026-11-19, or RFC 3339; UTC";

/** The window and the filters, as most tools take them. */
export const windowInput = {
  since: { type: "string", maxLength: 40, description: `Start of the window: ${time}` },
  until: { type: "string", maxLength: 40, description: `End of the window, not included: ${time}` },
} as const;

export const whereInput = {
  where: {
    type: "array",
    maxItems: 10,
    items: { type: "string", maxLength: 200 },
    description:
      'Only calls with these values: "feature=search"; "feature!=search"; "(none)" is no value',
  },
} as const;

/** Arguments as the texts of a command; named ones as its `param`. */
export function textsOf(given: Arguments): Texts {
  return new Texts(
    Object.entries(given).map(([name, value]): [string, readonly string[]] => {
      if (value === undefined) return [name, []];
      if (typeof value === "string") return [name, [value]];
      if (isList(value)) return [name, value];
      return ["param", Object.entries(value).map(([param, text]) => `${param}=${text}`)];
    }),
  );
}

function isList(value: NonNullable<Arguments[string]>): value is readonly string[] {
  return Array.isArray(value);
}
