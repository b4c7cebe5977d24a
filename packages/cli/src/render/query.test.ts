import { expect, test } from "vitest";
import type { QueryEnvelope } from "../commands/query.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { queryTable } from "./query.ts";

test("a decimal has all its digits, read from a file or sent by a receiver; a double has four", () => {
  const page = { width: 80, style: (_: unknown, text: string) => text };
  const shown = (total: number | ExactNumber) =>
    queryTable(
      {
        columns: [
          { name: "total", type: "DECIMAL(38,12)" },
          { name: "mean", type: "DOUBLE" },
        ],
        rows: [{ total, mean: 139.2560586 }],
      } as unknown as QueryEnvelope,
      page as never,
    );
  expect(shown(new ExactNumber("139.256058600000"))).toBe("      total   mean\n139.2560586  139.3");
  expect(shown(139.2560586)).toBe(shown(new ExactNumber("139.2560586")));
});
