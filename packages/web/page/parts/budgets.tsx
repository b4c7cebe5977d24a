import { duration, money, percent } from "../format.ts";
import { linkTo } from "../state/address.ts";
import type { Answer, BudgetRow, Now } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import { Failure, Panel, Warnings } from "./notice.tsx";
import { Table } from "./table.tsx";

/** How it stands with the receiver's budgets, or stood when the last call came; those that are not well first. */
export function Budgets({ revision, now }: { readonly revision: string; readonly now: Now }) {
  const at = now.live ? undefined : now.window?.until;
  const asked = useAnswer<Answer<BudgetRow>>(api("check", { at }), revision);
  const { answer, error, isLoading } = asked;
  const rows = (answer?.rows ?? []).toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state),
  );
  const isWell = ({ state }: BudgetRow) => state === "ok";
  const fold = rows.length > mostRows;
  const shown = fold ? rows.filter((row) => !isWell(row)) : rows;
  const folded = fold ? rows.filter(isWell) : [];
  return (
    <Panel id="budgets" title="Budgets" isLoading={isLoading && answer === undefined}>
      <Failure error={error} />
      <Warnings warnings={answer?.warnings} />
      {shown.length > 0 && <BudgetTable rows={shown} />}
      {folded.length > 0 && (
        <details>
          <summary>{folded.length} more within their limits</summary>
          <BudgetTable rows={folded} />
        </details>
      )}
    </Panel>
  );
}

/** Where there are more, those that are well are folded away. */
const mostRows = 6;

function BudgetTable({ rows }: { readonly rows: readonly BudgetRow[] }) {
  return (
    <Table
      label="Budgets"
      rows={rows}
      rowKey={({ budget, value }) => `${budget} ${value}`}
      columns={[
        {
          title: "State",
          cell: ({ state }) => <span class={`state ${state}`}>{words[state]}</span>,
        },
        { title: "Budget", cell: (row) => <Name row={row} /> },
        {
          title: "Spent",
          isNumber: true,
          cell: (row) => <Spent row={row} />,
        },
        {
          title: "Limit",
          isNumber: true,
          isExtra: true,
          cell: limitText,
        },
        { title: "Of limit", isNumber: true, cell: ({ share }) => <Share share={share} /> },
        {
          title: "Forecast",
          hint: "At the end of its day, week or month, as requests usually come and cost now",
          isNumber: true,
          isExtra: true,
          cell: ({ forecast_usd: forecast, limit_usd: limit }) => (
            <span
              class={
                (forecast ?? 0) > (limit ?? Number.POSITIVE_INFINITY) ? "dearer-text" : undefined
              }
            >
              {forecast === null ? "–" : money(forecast)}
            </span>
          ),
        },
      ]}
    />
  );
}

const order: readonly BudgetRow["state"][] = ["breach", "alert", "unknown", "ok"];

/** A state is never told by colour alone. */
const words = { breach: "✕ breached", alert: "▲ alert", unknown: "? unknown", ok: "✓ ok" } as const;

function Name({ row }: { readonly row: BudgetRow }) {
  const { budget, each, value, where, period, since, until } = row;
  // A month that has just begun is explained as far as it went.
  const end = new Date(Math.min(Date.parse(until), Date.now())).toISOString();
  // A spike has no value of its own: it is told where it shows most.
  const part = value ?? (period === null ? where["feature"] : undefined);
  const narrowed = each === null || value === null ? where : { ...where, [each]: value };
  const conditions = Object.entries(narrowed).map(([name, of]) => `${name}=${of}`);
  return (
    <>
      <a href={linkTo("/explain", { since, until: end, where: conditions })} title={row.sentence}>
        {part === undefined ? budget : `${budget}: ${part}`}
      </a>{" "}
      <small>{period ?? duration(Date.parse(until) - Date.parse(since))}</small>
    </>
  );
}

/** A spike has no limit: what it is beside is usual. */
function limitText({ limit_usd: limit, usual_usd: usual }: BudgetRow): string {
  return usual === null ? money(limit) : `usual ${money(usual)}`;
}

/** What was spent, or what a request costs; on a narrow screen with the limit, whose column has no room there. */
function Spent({ row }: { readonly row: BudgetRow }) {
  const spent = row.limit_of === "request" ? row.cost_per_request_usd : row.spent_usd;
  return (
    <>
      {spent === null ? "–" : money(spent)}
      {row.limit_of === "request" && " / request"}
      <small class="narrow-only"> of {limitText(row)}</small>
    </>
  );
}

function Share({ share }: { readonly share: number | null }) {
  if (share === null) return <>–</>;
  return (
    <span class="share">
      <meter
        min={0}
        max={1}
        low={0.8}
        high={0.9999}
        optimum={0}
        value={Math.min(1, share)}
        aria-hidden="true"
      />
      {percent(share)}
    </span>
  );
}
