import type { Family, Labels, Sample } from "./family.ts";

/** What `toExposition` writes. */
export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Metrics as Prometheus reads them. A family without a sample is left out.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function toExposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, help, type, samples }) =>
        `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${type}\n` +
        samples.map((sample) => lineOf(name, sample)).join(""),
    )
    .join("");
}

function lineOf(name: string, { labels, value, suffix }: Sample): string {
  return `${name}${suffix ?? ""}${labelsText(labels)} ${valueText(value)}\n`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** A line ends at a line feed alone; other control characters would only confuse who reads it. */
function escaped(value: string): string {
  return value
    .toWellFormed()
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replace(/\p{Cc}/gu, "\ufffd");
}

function valueText(value: number | string): string {
  if (typeof value === "string" || Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}
