import type { ReadingCommand } from "../../commands/reading-command.ts";

/**
 * A question that only the page asks, at `GET /api/page/<name>`. The command line has better words for it, so it is no
 * command; its answer is an envelope as every other.
 */
export type PageQuestion = Pick<ReadingCommand, "name" | "takes" | "needsStore" | "prepare">;
