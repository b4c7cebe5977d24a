/** A family as read from an exposition, strictly. */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  /** By the sample's name with its labels in order of the alphabet: `name{a="b"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const number = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)$/i;

/**
 * Reads Prometheus' text format 0.0.4 and refuses what the format refuses, and what its rules for names and
 * histograms refuse: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line has no line feed");
  const families = new Map<string, ParsedFamily & { readonly samples: Map<string, number> }>();
  const seen = new Set<string>();
  let name = "";
  let help: string | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (/[\p{Cc}]/u.test(line)) throw new Error(`a control character: ${line}`);
    const [, keyword, subject = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (!metricName.test(subject) || families.has(subject)) throw new Error(`again: ${line}`);
      name = subject;
      help = rest;
    } else if (keyword === "TYPE") {
      if (subject !== name || help === undefined) throw new Error(`TYPE without HELP: ${line}`);
      if (!["counter", "gauge", "histogram"].includes(rest)) throw new Error(`type: ${line}`);
      if ((rest === "counter") !== name.endsWith("_total")) throw new Error(`name: ${line}`);
      families.set(name, { type: rest, help, samples: new Map() });
      help = undefined;
    } else {
      readSample(line, name, families.get(name), seen);
    }
  }
  for (const [each, family] of families) {
    if (family.samples.size === 0) throw new Error(`${each} has no samples`);
    if (family.type === "histogram") checkHistogram(each, family.samples);
  }
  return families;
}

function readSample(
  line: string,
  family: string,
  parsed: { readonly type: string; readonly samples: Map<string, number> } | undefined,
  seen: Set<string>,
): void {
  const [, name = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
  const suffix = name.slice(family.length);
  const suffixes = parsed?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  if (parsed === undefined || !name.startsWith(family) || !suffixes.includes(suffix)) {
    throw new Error(`not in its family ${family}: ${line}`);
  }
  if (!number.test(value)) throw new Error(`no number: ${line}`);
  const key = `${name}{${labelsOf(labels, line).join(",")}}`;
  if (seen.has(key)) throw new Error(`twice: ${line}`);
  seen.add(key);
  parsed.samples.set(key, Number(value.replace("Inf", "Infinity")));
}

function labelsOf(text: string, line: string): string[] {
  const pairs: string[] = [];
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const [, name, value] = label.exec(text) ?? [];
    if (name === undefined) throw new Error(`labels: ${line}`);
    pairs.push(`${name}="${value}"`);
  }
  return pairs.sort();
}

/** Buckets grow, end with all, and that is the count. */
function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const buckets = [...samples].filter(([key]) => key.startsWith(`${name}_bucket`));
  const bySeries = Map.groupBy(buckets, ([key]) => key.replace(/,?le="[^"]*"/, ""));
  for (const [series, list] of bySeries) {
    const values = list.map(([, value]) => value);
    if (values.some((value, index) => value < (values[index - 1] ?? 0))) {
      throw new Error(`${series} shrinks`);
    }
    const count = samples.get(series.replace("_bucket", "_count").replace("{,", "{"));
    if (!list.at(-1)?.[0].includes('le="+Inf"') || count !== values.at(-1)) {
      throw new Error(`${series} is not whole`);
    }
  }
}
