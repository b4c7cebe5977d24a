import { BridgeChartPicture } from "../../src/charts/bridge-chart.ts";
import type { BridgeStep } from "../../src/charts/chart.ts";
import { factorInWords } from "../../src/factor-words.ts";
import { capital, money, moneyChange, nothing, percent } from "../format.ts";
import type { Explanation } from "../state/answers.ts";
import { Measured } from "./measured.tsx";
import { Table } from "./table.tsx";

/** The steps from the baseline's cost to the window's. They sum to the change, to the last digit. */
export function Bridge({ found }: { readonly found: Explanation }) {
  const { cost_usd: cost, baseline_cost_usd: before, delta_usd: delta } = found;
  const factors = found.bridge.toSorted((a, b) => Math.abs(b.delta_usd) - Math.abs(a.delta_usd));
  const inWords = (factor: string, amount: number) => capital(factorInWords(factor, amount));
  const changes = factors
    .filter(({ delta_usd: amount }) => amount !== 0)
    .map(({ factor, delta_usd: amount }) => ({
      label: inWords(factor, amount),
      kind: "change" as const,
      amount,
      text: moneyChange(amount),
    }));
  const steps: BridgeStep[] = [
    { label: "Usual cost", kind: "total", amount: before ?? 0, text: money(before) },
    ...changes,
    { label: "This window", kind: "total", amount: cost ?? 0, text: money(cost) },
  ];
  const [most] = changes;
  const sentence =
    `From ${money(before)}, the usual cost, to ${money(cost)}. ` +
    (most ? `The largest step is ${most.label.toLowerCase()}, ${most.text}.` : "Nothing changed.");
  return (
    <figure>
      <Measured>
        {(width) => <BridgeChartPicture kind="bridge" {...{ steps, sentence, width }} />}
      </Measured>
      <details>
        <summary>The numbers of this chart</summary>
        <Table
          label="Steps from the usual cost to this one"
          rows={[...factors, undefined]}
          rowKey={(row) => row?.factor ?? "sum"}
          columns={[
            {
              title: "Effect",
              cell: (row) => (row ? inWords(row.factor, row.delta_usd) : <strong>Together</strong>),
            },
            {
              title: "Change",
              isNumber: true,
              cell: (row) => moneyChange(row?.delta_usd ?? delta),
            },
            {
              title: "Share",
              isNumber: true,
              cell: (row) => (delta ? percent((row?.delta_usd ?? delta) / delta) : nothing),
            },
          ]}
        />
      </details>
    </figure>
  );
}
