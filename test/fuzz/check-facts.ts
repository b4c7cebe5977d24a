import type { SpanFacts } from "@spancost/records";

const maxText = 256;
const maxCost = 999_999_999_999_999_999n;

/** What is wrong with what was made of a span, whatever the span was; nothing where all is well. */
export function faultsOf(facts: SpanFacts): string[] {
  const faults: string[] = [];
  const check = (isGood: boolean, what: string) => {
    if (!isGood) faults.push(what);
  };
  check(/^(?!0{32})[0-9a-f]{32}$/.test(facts.traceId), "trace id");
  check(/^(?!0{16})[0-9a-f]{16}$/.test(facts.spanId), "span id");
  check(
    facts.parentSpanId === undefined || /^(?!0{16})[0-9a-f]{16}$/.test(facts.parentSpanId),
    "parent span id",
  );
  check(isInstant(facts.startedAt) && isInstant(facts.endedAt), "time");
  check(facts.startedAt <= facts.endedAt, "ends before it starts");
  for (const [name, value] of Object.entries(facts) as [string, unknown][]) {
    if (typeof value === "string") checkText(name, value, check);
    if (typeof value === "number") check(Number.isFinite(value), `${name} is ${value}`);
    if (typeof value === "bigint") {
      check(value >= 0n && value <= maxCost, `${name} is ${value}`);
    }
    if (name.endsWith("Tokens") && value !== undefined) {
      check(Number.isSafeInteger(value) && Number(value) >= 0, `${name} is ${String(value)}`);
    }
  }
  for (const [name, value] of facts.tags ?? []) {
    checkText("name of a tag", name, check);
    checkText("tag", value, check);
  }
  check((facts.tags?.size ?? 0) <= 32, "number of tags");
  check(costAddsUp(facts), "parts of the cost");
  check(
    facts.costUsd === undefined || facts.unpricedReason === undefined,
    "priced, and a reason why not",
  );
  return faults;
}

function checkText(name: string, text: string, check: (good: boolean, what: string) => void): void {
  check(text.length <= maxText, `${name} has ${text.length} characters`);
  check(text.isWellFormed(), `${name} is no Unicode`);
}

function isInstant(micros: number): boolean {
  return Number.isSafeInteger(micros) && micros >= 0;
}

function costAddsUp(facts: SpanFacts): boolean {
  if (facts.costUsd === undefined) return true;
  const parts = [
    facts.inputCostUsd,
    facts.cacheReadCostUsd,
    facts.cacheWriteCostUsd,
    facts.outputCostUsd,
    facts.otherCostUsd,
  ];
  return parts.reduce<bigint>((sum, part) => sum + (part ?? 0n), 0n) === facts.costUsd;
}
