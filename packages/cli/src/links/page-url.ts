import { chosenUrl, type SourceFlags } from "../sources/open-source.ts";
import { runningReceiver } from "../sources/receiver-note.ts";

/** Where a page is, and whether a receiver is known to show the database there. */
export interface PageUrl {
  readonly url: string;
  readonly isServed: boolean;
}

/** Where `spancost serve` puts its page if nobody says otherwise. */
const usualUrl = "http://localhost:4319";

/**
 * The page of the receiver that the flags mean: the one at --url, the one that has the database open, or the one that
 * would show it once it runs.
 *
 * @throws UsageError
 */
export async function pageUrl(flags: SourceFlags): Promise<PageUrl> {
  const asked = chosenUrl(flags);
  if (asked !== undefined) return { url: withoutPassword(asked), isServed: true };
  const receiver = await runningReceiver(flags.db);
  return receiver === undefined
    ? { url: usualUrl, isServed: false }
    : { url: receiver.url, isServed: true };
}

/** Links are passed on; the token of who asks is not. */
function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url.href.replace(/\/$/, "");
}
