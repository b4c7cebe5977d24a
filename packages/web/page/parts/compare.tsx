import { money, moneyChange } from "../format.ts";
import { linkTo, useAddress } from "../state/address.ts";
import type { Answer, Compared } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import { noValue } from "./hues.ts";
import { Failure, Panel } from "./notice.tsx";
import { type Column, Table } from "./table.tsx";

/** Asked for together: dimensions that mostly change with each other, for the receiver then has less to sum up. */
const batches = [
  "feature,release,model,service,agent",
  "tool,team,environment,prompt_name,operation",
  "loop_depth,agent_depth,retry_count,status",
  "user_id",
] as const;

/** Each dimension's values in the window beside the baseline, those that changed most first. A click narrows. */
export function Compare({ question, revision, hasBaseline }: CompareProps) {
  const asked = batches.map((by) => useCompared(question, by, revision));
  const dimensions = grouped(asked.flatMap(({ answer }) => answer?.rows ?? []));
  return (
    <Panel
      id="compare"
      title={
        hasBaseline ? "This window beside its baseline, by dimension" : "This window by dimension"
      }
      isLoading={asked.some(({ isLoading }) => isLoading)}
    >
      <Failure error={asked.find(({ error }) => error !== undefined)?.error} />
      <div class="dimensions">
        {dimensions.map(([dimension, rows]) => (
          <Dimension key={dimension} {...{ dimension, rows, hasBaseline }} />
        ))}
      </div>
    </Panel>
  );
}

interface CompareProps {
  readonly question: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly revision: string;
  readonly hasBaseline: boolean;
}

function useCompared(question: CompareProps["question"], by: string, revision: string) {
  return useAnswer<Answer<Compared>>(api("page/compare", { ...question, by }), revision);
}

function Dimension(props: {
  readonly dimension: string;
  readonly rows: readonly Compared[];
  readonly hasBaseline: boolean;
}) {
  const { params } = useAddress();
  const { dimension, rows, hasBaseline } = props;
  const filters = params.getAll("where");
  const most = Math.max(
    ...rows.flatMap((row) => [row.cost_usd ?? 0, row.baseline_cost_usd ?? 0]),
    1e-12,
  );
  const hidden = (rows[0]?.values_of_dimension ?? 0) - rows.length;
  return (
    <div>
      <h3>{dimension}</h3>
      <Table
        label={`By ${dimension}`}
        rows={rows}
        rowKey={({ value }) => String(value)}
        columns={[
          {
            title: "Value",
            cell: ({ value }) => {
              const filter = `${dimension}=${value ?? noValue}`;
              return (
                <a
                  class="value-link"
                  title={`Only ${filter}`}
                  href={linkTo("/explain", { where: [...new Set([...filters, filter])] })}
                >
                  {value ?? noValue}
                </a>
              );
            },
          },
          {
            title: "",
            hint: "The window over its baseline",
            isExtra: true,
            cell: (row) => (
              <Bars now={(row.cost_usd ?? 0) / most} before={(row.baseline_cost_usd ?? 0) / most} />
            ),
          },
          {
            title: "Now",
            isNumber: true,
            hint: "In the window",
            cell: ({ cost_usd: cost, calls }) => (calls > 0 ? money(cost) : "no calls"),
          },
          ...(hasBaseline ? besideBaseline : []),
        ]}
      />
      {hidden > 0 && <p class="quiet-text">and {hidden} more</p>}
    </div>
  );
}

const besideBaseline: readonly Column<Compared>[] = [
  {
    title: "Baseline",
    isNumber: true,
    isExtra: true,
    hint: "Its mean, scaled to the length of the window",
    cell: ({ baseline_cost_usd: cost }) => (cost === null ? "–" : money(cost)),
  },
  {
    title: "Change",
    isNumber: true,
    cell: ({ delta_usd: delta }) => (
      <span class={delta === null ? undefined : delta > 0 ? "dearer-text" : "cheaper-text"}>
        {moneyChange(delta)}
      </span>
    ),
  },
];

/** The window as a bar, the baseline as a thin one under it. */
function Bars({ now, before }: { readonly now: number; readonly before: number }) {
  return (
    <svg class="bars" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-now" x="0" y="1" width={100 * now} height="6" />
      <rect class="bar-before" x="0" y="8" width={100 * before} height="3" />
    </svg>
  );
}

/** Dimensions that say something, by how much their values changed. */
function grouped(rows: readonly Compared[]): [string, readonly Compared[]][] {
  const dimensions = new Map<string, Compared[]>();
  for (const row of rows)
    dimensions.set(row.dimension, [...(dimensions.get(row.dimension) ?? []), row]);
  const moved = (of: readonly Compared[]) =>
    of.reduce((sum, row) => sum + Math.abs(row.delta_usd ?? 0), 0);
  return [...dimensions]
    .filter(([, of]) => of.length > 1)
    .sort(([, a], [, b]) => moved(b) - moved(a));
}
