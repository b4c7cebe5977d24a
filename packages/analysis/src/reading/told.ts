import type { SqlValue } from "@spancost/store";
import { type BuiltInDimension, type Dimension, dimensionNames, isTag } from "../dimensions.ts";
import { countOf, type Reader, textOf, type Variables } from "./reader.ts";
import { sampleOf } from "./sample.ts";

/** Which values are told by name. */
export interface Told {
  /** As `explain-cells` takes it. */
  readonly json: string;
  /** Names of the tags that split the cost, in order. */
  readonly tags: readonly string[];
  /** About how many values a dimension has in the window, those among them that are not told. */
  readonly counts: ReadonlyMap<Dimension, number>;
}

/** Of a dimension with more values only the dear ones are looked at one by one. */
const manyValues = 60;

/** There are always many of them. */
const many: readonly BuiltInDimension[] = ["user_id", "conversation_id"];

/** Tags with their values that are told by name. */
interface ToldTag {
  readonly name: string;
  readonly values: readonly SqlValue[];
}

/**
 * Finds out which values can be told by name, so that there are never too many cells: thousands of users, or releases
 * by commit, cost next to nothing each, and together what `(other)` costs.
 *
 * Of many calls a part is looked at, always the same one: what is dear is dear there too. It decides about names only.
 *
 * @param calls in the window, and in it and its baseline
 */
export async function readTold(
  reader: Reader,
  variables: Variables,
  calls: { readonly inWindow: bigint; readonly inAll: bigint },
): Promise<Told> {
  const values: Record<string, SqlValue[]> = {};
  const tags: ToldTag[] = [];
  const counts = new Map<Dimension, number>();
  const large = [...many];
  const inWindow = { ...variables, ...sampleOf(calls.inWindow) };
  for (const row of (await reader.ask("explain-dimensions", inWindow)).rows) {
    const dimension = textOf(row, "dimension") ?? "";
    if (isTag(dimension)) {
      const told = row["told_values"];
      tags.push({ name: dimension.slice("tag:".length), values: Array.isArray(told) ? told : [] });
      continue;
    }
    const name = dimensionNames.find((one) => one === dimension);
    if (name === undefined) continue;
    const count = Number(countOf(row, "distinct_values"));
    counts.set(name, count);
    if (count > manyValues && !many.includes(name)) large.push(name);
  }
  for (let index = 0; index < large.length; index += 2) {
    const [dimension = "", other] = large.slice(index, index + 2);
    const asked = {
      ...variables,
      ...sampleOf(calls.inAll),
      dimension,
      ...(other && { other_dimension: other }),
    };
    for (const name of [dimension, other]) if (name !== undefined) values[name] = [];
    for (const row of (await reader.ask("explain-values", asked)).rows) {
      values[textOf(row, "dimension") ?? ""]?.push(textOf(row, "value"));
    }
  }
  const json = JSON.stringify({ ...values, tags });
  return { json, tags: tags.map(({ name }) => name), counts };
}
