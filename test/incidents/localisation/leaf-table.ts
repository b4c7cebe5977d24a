import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A table of leaves, each a value of every dimension, with what was expected of it and what it was. */
export interface LeafTable {
  readonly dimensions: readonly string[];
  /** Of leaf l in dimension d, the value's text: `labels[d][l]`. */
  readonly labels: readonly (readonly string[])[];
  readonly actual: Float64Array;
  /** One expectation, or what each of several earlier periods was. */
  readonly before: readonly Float64Array[];
}

/** A case of a benchmark with its causes, each as `a=1&b=2`, sorted. */
export interface LeafCase {
  readonly id: string;
  readonly table: LeafTable;
  readonly causes: readonly string[];
}

/** Cases of a folder whose files have columns `real` and `predict` beside the dimensions. */
export function readForecastCases(folder: string): LeafCase[] {
  return readLabels(folder).map(({ id, causes }) => {
    const { header, lines } = readCsv(join(folder, `${id}.csv.gz`));
    const dimensions = header.filter((name) => name !== "real" && name !== "predict");
    const column = (name: string) => lines.map((line) => line[header.indexOf(name)] ?? "");
    return {
      id,
      causes,
      table: {
        dimensions,
        labels: dimensions.map(column),
        actual: Float64Array.from(column("real"), Number),
        before: [Float64Array.from(column("predict"), Number)],
      },
    };
  });
}

/** Cases of a folder with a row per minute and leaf: the minute of the incident is compared with those before it. */
export function readMinuteCases(folder: string): LeafCase[] {
  return readLabels(folder).map(({ id, causes, timestamp }) => {
    const { header, lines } = readCsv(join(folder, `${id}.csv.gz`));
    const [minuteAt, valueAt] = [header.indexOf("min"), header.indexOf("value")];
    const dimensions = header.filter((name) => !["min", "value", "cnt"].includes(name));
    const places = dimensions.map((name) => header.indexOf(name));
    const minutes = [...new Set(lines.map((line) => line[minuteAt] ?? ""))].sort();
    const earlier = minutes.filter((minute) => minute !== timestamp);
    const leaves = new Map<string, number>();
    const leafOf = (line: readonly string[]) => {
      const key = places.map((at) => line[at]).join("\n");
      const leaf = leaves.get(key) ?? leaves.size;
      leaves.set(key, leaf);
      return leaf;
    };
    const rows = lines.map((line) => ({ line, leaf: leafOf(line) }));
    const labels = places.map(() => new Array<string>(leaves.size).fill(""));
    const actual = new Float64Array(leaves.size);
    const before = earlier.map(() => new Float64Array(leaves.size));
    for (const { line, leaf } of rows) {
      for (const [index, at] of places.entries()) {
        const ofDimension = labels[index];
        if (ofDimension) ofDimension[leaf] = line[at] ?? "";
      }
      const minute = line[minuteAt] ?? "";
      const values = minute === timestamp ? actual : before[earlier.indexOf(minute)];
      if (values) values[leaf] = Number(line[valueAt]);
    }
    return { id, causes, table: { dimensions, labels, actual, before } };
  });
}

function readLabels(folder: string) {
  const [head = "", ...lines] = readFileSync(join(folder, "labels.csv"), "utf8").trim().split("\n");
  const header = head.trim().split(",");
  return lines.map((line) => {
    const values = line.trim().split(",");
    const of = (name: string) => values[header.indexOf(name)] ?? "";
    return {
      id: of("id"),
      timestamp: of("timestamp"),
      causes: [...new Set(of("causes").split(";"))],
    };
  });
}

function readCsv(file: string) {
  const text = gunzipSync(readFileSync(file)).toString();
  const [header = [], ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(","));
  return { header, lines };
}
