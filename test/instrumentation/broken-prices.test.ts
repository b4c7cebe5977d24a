import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, expect, test, vi } from "vitest";
import { call, Service } from "./service.ts";

vi.mock("@spancost/pricing", async (original) => ({
  ...(await original<typeof import("@spancost/pricing")>()),
  createPriceBook: () => ({
    price() {
      throw new RangeError("no such price");
    },
  }),
}));

afterEach(() => diag.disable());

test("a price book that throws costs the service nothing but the cost, and one report", async () => {
  const told: string[] = [];
  const log = (message: string) => told.push(message);
  diag.setLogger(
    { error: log, warn: log, info() {}, debug() {}, verbose() {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const service = new Service();
  for (let round = 0; round < 100; round += 1) expect(await call(() => round)).toBe(round);
  expect(service.exported).toHaveLength(100);
  expect(service.exported[0]?.attributes["gen_ai.usage.input_tokens"]).toBe(1523);
  await service.stop();
  expect(told).toEqual([
    "spancost: pricing a span failed, the service is not affected: RangeError: no such price",
  ]);
});
