/** Why spans were not forwarded. They are stored here all the same. */
export type DropReason =
  /** More waited than may. */
  | "queue_full"
  /** The endpoint refused the request for good, such as with 400 or 401. */
  | "refused"
  /** The endpoint took the request, and said how many of its spans it refused. */
  | "rejected"
  /** The endpoint could not be reached, or asked to try again, for too long. */
  | "gave_up"
  /** The receiver stopped. */
  | "shutdown"
  /** They went through several receivers already: these forward to each other. */
  | "loop"
  /** They could not be read. */
  | "unreadable";

export const dropReasons: readonly DropReason[] = [
  "queue_full",
  "refused",
  "rejected",
  "gave_up",
  "shutdown",
  "loop",
  "unreadable",
];

/** What has become of spans on their way to one destination, since the start. */
export interface ForwardCounters {
  /** The endpoint without secrets: its address up to the path. */
  readonly destination: string;
  /** Spans that the endpoint took. */
  readonly sentSpans: number;
  readonly sentRequests: number;
  readonly droppedSpans: Readonly<Record<DropReason, number>>;
  /** Spans that wait or are being sent. */
  readonly queuedSpans: number;
  /** Bytes that they hold in memory. */
  readonly queuedBytes: number;
  /** Requests that were sent again, or will be. */
  readonly retries: number;
  readonly lastError: { readonly at: Date; readonly message: string } | undefined;
}

/** No span dropped yet, for any reason. */
export function noneDropped(): Record<DropReason, number> {
  return {
    queue_full: 0,
    refused: 0,
    rejected: 0,
    gave_up: 0,
    shutdown: 0,
    loop: 0,
    unreadable: 0,
  };
}
