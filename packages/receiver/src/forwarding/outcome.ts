import type { Posted } from "./post.ts";
import { readAnswer } from "./read-answer.ts";
import { retryAfterMs } from "./retry-delay.ts";

/** What is to be done after a request. */
export type Outcome =
  | {
      readonly kind: "taken";
      /** Spans of it that were refused. */
      readonly rejectedSpans: number;
      /** What the endpoint says beside; mostly empty. */
      readonly message: string;
    }
  | { readonly kind: "again"; readonly problem: string; readonly afterMs: number | undefined }
  | { readonly kind: "again_plain"; readonly problem: string }
  | {
      readonly kind: "refused";
      readonly problem: string;
      /** Half of the request may be taken. */
      readonly forItsContent: boolean;
    };

/** Answers after which OTLP has a client try again. Source: https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const advice: Readonly<Record<number, string>> = {
  401: "check the header that tells who you are",
  403: "check the header that tells who you are",
  404: "check the address: it ends in /v1/traces where nothing else is said",
  405: "check the address: it ends in /v1/traces where nothing else is said",
  413: "it takes smaller requests only",
};

/** What `posted` means for its request, which was sent gzipped or not. */
export function outcomeOf(posted: Posted, gzipped: boolean): Outcome {
  if (posted.kind === "failed") {
    return { kind: "again", problem: posted.problem, afterMs: undefined };
  }
  const { status, contentType, body } = posted;
  const said = readAnswer(status, contentType, body);
  if (status >= 200 && status < 300) return { kind: "taken", ...said };
  if (status >= 300 && status < 400) {
    // Not followed: it would take the headers, and what they grant, to another host.
    const problem = `it answers ${status}: forward to ${whither(posted)}`;
    return { kind: "refused", problem, forItsContent: false };
  }
  const hint = said.message || advice[status];
  const problem = `it answers ${status}${hint === undefined ? "" : `: ${hint}`}`;
  if (retryable.has(status)) {
    return { kind: "again", problem, afterMs: retryAfterMs(posted.retryAfter) };
  }
  // Though every server of OTLP takes gzip by the specification, some do not.
  if (status === 415 && gzipped) return { kind: "again_plain", problem };
  return { kind: "refused", problem, forItsContent: status === 400 || status === 413 };
}

/** Where a redirect leads, without what may be secret in it. */
function whither({ location }: { readonly location: string | undefined }): string {
  if (location === undefined || !URL.canParse(location)) return "where it redirects to";
  const { origin, pathname } = new URL(location);
  return `${origin}${pathname}`;
}
