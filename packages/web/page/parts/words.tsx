import { queryPath } from "../../src/address/views.ts";
import { linkTo } from "../state/address.ts";

/** What stands between backticks, and a query that a command without flags would run. */
const marked = /(`[^`]+`|spancost query [a-z][a-z-]*[a-z](?! --))/;

/** A text that terminals show too, as a page has it: names as code, and queries as links to them. */
export function Words({ text }: { readonly text: string }) {
  return <>{text.split(marked).map(word)}</>;
}

/** Every other part is one that is marked. */
function word(part: string, nth: number) {
  if (nth % 2 === 0) return part;
  const query = /^spancost query (.+)$/.exec(part)?.[1];
  return query === undefined ? (
    <code>{part.slice(1, -1)}</code>
  ) : (
    <a href={linkTo(queryPath(query))}>query {query}</a>
  );
}
