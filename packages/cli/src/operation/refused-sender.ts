import type { Answered } from "@spancost/receiver";
import type { Log } from "./log/log.ts";

/** What a status says of a request. What the sender is told may quote the request, and is not for a log. */
const reasons: Readonly<Record<number, string>> = {
  400: "a sender sent what is no OTLP",
  401: "a sender brought no token, or none that holds here",
  403: "a sender brought a token that does not let it send",
  413: "a sender sent a request that is too large",
  415: "a sender sent another Content-Type or Content-Encoding than those of OTLP",
};

/** Tells the log of a request that will be refused for as long as its sender, or its token, stays as it is. */
export function tellOfRefusal(
  log: Log,
  { transport, status }: Pick<Answered, "transport" | "status">,
) {
  const reason = reasons[status];
  if (reason !== undefined) log.warn("sender.refused", reason, { transport, status });
}
