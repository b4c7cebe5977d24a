import { paramsOf, type Range } from "../../src/address/range.ts";
import { instant, span } from "../format.ts";
import { linkTo, useAddress } from "../state/address.ts";
import type { Now } from "../state/answers.ts";
import { usualRange } from "../state/range.ts";

/** That no call is in the window, or none that meets the filters, and the ways to some. */
export function EmptyWindow({ range, now }: { readonly range: Range; readonly now: Now }) {
  const { path, params } = useAddress();
  const filters = params.getAll("where");
  const usual = usualRange(now);
  const { since, until } = range.window;
  return (
    <div class="calm">
      <p>
        No call from {span(since, until)}
        {filters.length > 0 && ` with ${filters.join(", ")}`}. The last call that is stored began on{" "}
        {instant(now.last_call)} UTC.
      </p>
      <p>
        Choose another window above
        {usual && (
          <>
            {", or "}
            <a href={linkTo(path, { ...paramsOf(usual), offset: undefined })}>
              look at the last day with calls
            </a>
          </>
        )}
        {filters.length > 0 && (
          <>
            {", or "}
            <a href={linkTo(path, { where: undefined, offset: undefined })}>
              leave out the filters
            </a>
          </>
        )}
        .
      </p>
    </div>
  );
}
