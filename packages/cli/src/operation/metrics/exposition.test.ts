import { expect, test } from "vitest";
import { parseExposition } from "../testing/parse-exposition.ts";
import { Counter } from "./counter.ts";
import { toExposition } from "./exposition.ts";
import { gauge } from "./family.ts";
import { Histogram } from "./histogram.ts";

test("each family is its help, its type and its samples; exact decimals keep their digits", () => {
  const requests = new Counter<"transport" | "status">("requests_total", "Answers.");
  requests.add(1, { transport: "http", status: "200" });
  requests.add(2, { transport: "http", status: "503" });
  requests.add(3, { transport: "http", status: "200" });
  const spend = gauge("spend_usd", "In USD.", [
    { labels: { window: "1h" }, value: "12345.678901234567" },
  ]);
  expect(toExposition([requests.family(), spend])).toBe(
    "# HELP requests_total Answers.\n# TYPE requests_total counter\n" +
      'requests_total{transport="http",status="200"} 4\n' +
      'requests_total{transport="http",status="503"} 2\n' +
      "# HELP spend_usd In USD.\n# TYPE spend_usd gauge\n" +
      'spend_usd{window="1h"} 12345.678901234567\n',
  );
});

test("what is not known is left out, and is not 0", () => {
  expect(toExposition([gauge("age_seconds", "Of nothing.", undefined)])).toBe("");
});

test("a label's value cannot end its line, nor its quotes", () => {
  const value = 'a"b\\c\nd\u001b[31m\u0085e\ud800';
  const text = toExposition([gauge("named", "A name.", [{ labels: { value }, value: 1 }])]);
  expect(text).toContain('named{value="a\\"b\\\\c\\nd\ufffd[31m\ufffde\ufffd"} 1\n');
  expect(parseExposition(text).get("named")?.samples.size).toBe(1);
});

test("a histogram counts each time in the steps that are not below it", () => {
  const seconds = new Histogram<"transport">("answer_seconds", "How long.");
  for (const millis of [1, 1.1, 400, 60_000]) seconds.observe(millis, { transport: "http" });
  const { samples = new Map() } =
    parseExposition(toExposition([seconds.family()])).get("answer_seconds") ?? {};
  const upTo = (le: string) => samples.get(`answer_seconds_bucket{le="${le}",transport="http"}`);
  expect(["0.001", "0.0025", "0.25", "0.5", "30", "+Inf"].map(upTo)).toEqual([1, 2, 2, 3, 3, 4]);
  expect(samples.get('answer_seconds_count{transport="http"}')).toBe(4);
  expect(samples.get('answer_seconds_sum{transport="http"}')).toBeCloseTo(60.4021, 6);
});

test("numbers beyond all bounds are written as Prometheus reads them", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, 1e-9];
  const samples = values.map((value, index) => ({ labels: { n: String(index) }, value }));
  const parsed = parseExposition(toExposition([gauge("odd", "Odd.", samples)])).get("odd");
  expect([...(parsed?.samples.values() ?? [])]).toEqual(values);
});

test.each([
  ["a sample twice", "# HELP a A.\n# TYPE a gauge\na 1\na 1\n"],
  ["a counter that is not called one", "# HELP a A.\n# TYPE a counter\na 1\n"],
  ["a sample of another family", "# HELP a A.\n# TYPE a gauge\nb 1\n"],
  ["an open quote", '# HELP a A.\n# TYPE a gauge\na{b="c} 1\n'],
  ["no line feed at the end", "# HELP a A.\n# TYPE a gauge\na 1"],
])("the parser of these tests refuses %s", (_, text) => {
  expect(() => parseExposition(text)).toThrow();
});
