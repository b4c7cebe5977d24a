import { createHash } from "node:crypto";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { beforeAll, describe, expect, test } from "vitest";
import { incidentHours } from "./company.ts";
import { Random } from "./random.ts";
import { demoDays, simulate } from "./simulate.ts";

const until = Date.parse("2026-11-20T12:00:00Z");

/** Keeps all spans. */
class KeepingExporter implements SpanExporter {
  readonly spans: ReadableSpan[] = [];

  export(spans: ReadableSpan[], answer: (result: { code: number }) => void): void {
    this.spans.push(...spans);
    answer({ code: 0 });
  }

  async shutdown(): Promise<void> {}
}

let spans: readonly ReadableSpan[];

beforeAll(async () => {
  const exporter = new KeepingExporter();
  const { spans: written } = await simulate(until, exporter, () => {});
  spans = exporter.spans;
  expect(spans).toHaveLength(written);
});

function fingerprint(all: readonly ReadableSpan[]): string {
  const hash = createHash("sha256");
  for (const span of all) {
    const { name, startTime, endTime, attributes } = span;
    hash.update(JSON.stringify([name, startTime, endTime, attributes, span.spanContext()]));
  }
  return hash.digest("hex");
}

test("the same end gives the same spans", async () => {
  const again = new KeepingExporter();
  await simulate(until, again, () => {});
  expect(fingerprint(again.spans)).toBe(fingerprint(spans));
});

test("there are as many as a demo can bear, and all lie within its days", () => {
  expect(spans.length).toBeGreaterThan(60_000);
  expect(spans.length).toBeLessThan(100_000);
  const since = until - demoDays * 86_400_000;
  expect(spans.every(({ startTime }) => startTime[0] * 1000 >= since)).toBe(true);
  expect(spans.every(({ endTime }) => endTime[0] * 1000 < until)).toBe(true);
});

test("span ids are unique", () => {
  expect(new Set(spans.map((span) => span.spanContext().spanId)).size).toBe(spans.length);
});

describe("it is the traffic of a company:", () => {
  const values = (key: string) => new Set(spans.map(({ attributes }) => attributes[key]));

  test("twelve features, and requests that belong to none", () => {
    expect([...values("spancost.feature")].filter((name) => name !== undefined)).toHaveLength(12);
    const servers = spans.filter(({ kind }) => kind === 1);
    expect(servers.some(({ attributes }) => attributes["spancost.feature"] === undefined)).toBe(
      true,
    );
  });

  test("ten models of five providers", () => {
    expect([...values("gen_ai.request.model")].filter(Boolean)).toHaveLength(10);
    expect([...values("gen_ai.provider.name")].filter(Boolean)).toHaveLength(5);
  });

  test("six services, all but one with several releases", () => {
    const releases = new Map<unknown, Set<unknown>>();
    for (const { resource } of spans) {
      const { "service.name": service, "service.version": release } = resource.attributes;
      releases.set(service, (releases.get(service) ?? new Set()).add(release));
    }
    expect([...releases.values()].map(({ size }) => size).sort()).toEqual([1, 2, 2, 2, 3, 3]);
  });

  test("calls whose first attempts were refused, and some that never got an answer", () => {
    const refused = spans.filter(
      ({ attributes }) => attributes["http.response.status_code"] === 429,
    );
    const failed = spans.filter(
      ({ name, attributes }) => name.startsWith("chat ") && attributes["error.type"] === "429",
    );
    expect(refused.length).toBeGreaterThan(100);
    expect(failed.length).toBeGreaterThan(0);
  });

  test("cached tokens are part of the input, reasoning of the output", () => {
    const wrong = spans.filter(({ attributes: a }) => {
      const count = (key: string) => Number(a[`gen_ai.usage.${key}`] ?? 0);
      const cached = count("cache_read.input_tokens") + count("cache_write.input_tokens");
      return (
        cached > count("input_tokens") || count("reasoning.output_tokens") > count("output_tokens")
      );
    });
    expect(wrong).toEqual([]);
  });
});

test("the incident: runs of the last release of support-api are several times as long", () => {
  const began = until - incidentHours * 3_600_000;
  const length = (runs: readonly ReadableSpan[]) =>
    runs.reduce((sum, { attributes }) => sum + Number(attributes["gen_ai.usage.input_tokens"]), 0) /
    runs.length;
  const runs = spans.filter(({ name }) => name === "invoke_agent support-agent");
  const inLast = ({ resource }: ReadableSpan) =>
    String(resource.attributes["service.version"]).endsWith("-3");
  const before = runs.filter((run) => !inLast(run));
  const after = runs.filter(inLast);
  expect(after.length).toBeGreaterThan(30);
  expect(after.every(({ startTime }) => startTime[0] * 1000 >= began)).toBe(true);
  expect(length(after) / length(before)).toBeGreaterThan(5);
});

test("random numbers are the same in every run, and look like what they are named", () => {
  const random = new Random(7);
  expect([random.next(), random.next()]).toEqual([new Random(7).next(), expect.any(Number)]);
  const draws = Array.from({ length: 4_000 }, () => random.poisson(3));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  expect(mean).toBeCloseTo(3, 0);
  expect(random.hex(24)).toMatch(/^[0-9a-f]{24}$/);
});
