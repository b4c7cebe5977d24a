import { acceptedCases } from "./accepted-cases.ts";
import type { Case } from "./case.ts";
import { damagedCases } from "./damaged-cases.ts";
import { jsonCases } from "./json-cases.ts";
import { oddCases } from "./odd-cases.ts";

/** Every line of the checklist that is one body, and one answer whichever way it is sent. */
export const cases: readonly Case[] = [
  ...acceptedCases,
  ...jsonCases,
  ...damagedCases,
  ...oddCases,
];
