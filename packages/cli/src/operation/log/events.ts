/** Every event that a receiver logs, and when. A message may be worded anew; an event keeps its name. */
export const logEvents = {
  "receiver.started": "it takes spans, at the addresses given",
  "receiver.stopping": "it was asked to stop",
  "receiver.stopped": "what it had taken is durable",
  "receiver.fault":
    "spans could not be stored for a reason that is not their sender's; it was asked to send them again",
  "sender.refused":
    "spans of a sender were not taken: it brought no token that lets it send, or something else than OTLP",
  "settings.notice": "a setting does nothing, such as a variable that was mistyped",
  "access.reloaded": "SIGHUP: the files of tokens are read again",
  "access.failed": "they could not be; those of before stay",
  "web.fault": "a question was answered with 500",
  "journal.broken":
    "the disk did not keep what was written; nothing more is taken, and the process ends",
  "store.notice": "something about the files on disk: mended, moved aside, damaged, or refused",
  "settle.failed": "calls and costs could not be worked out; it is tried again",
  "snapshot.made": "a verified copy of the database was made",
  "snapshot.failed": "none could be made; it is tried again",
  "retention.done": "what was older than is kept was deleted",
  "retention.failed": "it could not be; it is tried again",
  "budgets.changed": "a budget is breached, close to it, or within it again",
  "budgets.failed":
    "how it stands with budgets could not be read, or nobody could be notified; it is tried again",
  "budgets.reloaded": "SIGHUP: the file of budgets is read again",
  "forward.problem": "spans are not taken by where they are forwarded to",
  "metrics.failed":
    "the numbers of `/metrics` that come from the database or the disk could not be read",
  "loop.stalled":
    "the process did nothing for more than a second: it was busy, paused, or short of CPU",
  "invariant.violated": "a number of spancost is wrong: please report it",
} as const;

export type LogEvent = keyof typeof logEvents;
