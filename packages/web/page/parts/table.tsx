import type { ComponentChildren } from "preact";

/** A column of a table: its title, what it shows of a row, and whether that is a number. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Said where the title is short. */
  readonly hint?: string;
  /** The column can be sorted by; `by` is how it is now. */
  readonly sort?: { readonly by: "ascending" | "descending" | "none"; readonly change: () => void };
  /** Left out on a narrow screen. */
  readonly isExtra?: boolean;
}

/** Rows under titles. It scrolls sideways by itself where there is no room. */
export function Table<Row>(props: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row, index: number) => string;
}) {
  const { label, rows, rowKey } = props;
  // Two columns may have one title.
  const columns = props.columns.map((column, nth) => ({
    ...column,
    key: `${nth} ${column.title}`,
  }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ key, title, isNumber, sort, hint, isExtra }) => (
              <th
                key={key}
                scope="col"
                class={look(isNumber, isExtra)}
                aria-sort={sort?.by}
                title={hint}
              >
                {sort ? (
                  <button type="button" class="sort" onClick={sort.change}>
                    {title}
                    <span aria-hidden="true">{arrows[sort.by]}</span>
                  </button>
                ) : (
                  title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map(({ key, cell, isNumber, isExtra }) => (
                <td key={key} class={look(isNumber, isExtra)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** With a space that no line ends at. */
const arrows = { ascending: "\u00a0↑", descending: "\u00a0↓", none: "" } as const;

function look(isNumber?: boolean, isExtra?: boolean): string | undefined {
  const names = [isNumber && "number", isExtra && "extra"].filter(Boolean);
  return names.length === 0 ? undefined : names.join(" ");
}
