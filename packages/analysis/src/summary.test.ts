import { picoUsd } from "@spancost/pricing";
import { expect, test } from "vitest";
import type { Change } from "./explain.ts";
import { quietSentence } from "./summary.ts";
import type { ReleaseVerdict } from "./verdict/release-verdict.ts";

function change(percent: number): Change {
  const amounts = { baselineCost: picoUsd(100n), delta: picoUsd(BigInt(percent)) };
  return amounts as Change;
}

function verdict(
  of: Pick<ReleaseVerdict, "verdict" | "service"> & Partial<Pick<ReleaseVerdict, "control">>,
): ReleaseVerdict {
  return { release: "2.14.0", control: "same-hours", ...of } as ReleaseVerdict;
}

test.each([20, -20, 0])("a change of %d %% without a cause is called usual", (percent) => {
  expect(quietSentence(change(percent), [])).toBe(
    "Nothing stands out: a difference of this size is usual here.",
  );
});

test.each([21, -21, 192])("a change of %d %% without a cause is not called usual", (percent) => {
  expect(quietSentence(change(percent), [])).toBe(
    "No segment stands out: the change is spread over many.",
  );
});

test("a release that explains the change is named, and not called usual, however small it is", () => {
  const fine = verdict({ verdict: "does-not-explain", service: "api" });
  const cause = verdict({ verdict: "explains", service: "api" });
  expect(quietSentence(change(5), [fine, cause])).toBe(
    "No segment stands out beside release 2.14.0 of api, which explains the change.",
  );
  const alone = verdict({ verdict: "explains", service: null, control: "before" });
  expect(quietSentence(change(5), [alone])).toBe(
    "No segment stands out beside release 2.14.0, which came with the change.",
  );
  expect(quietSentence(change(192), [fine])).not.toContain("2.14.0");
});
