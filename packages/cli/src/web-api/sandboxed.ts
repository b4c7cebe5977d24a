import {
  type SandboxAnswer,
  SandboxBusyError,
  SandboxClosedError,
  type Variables,
} from "@spancost/store";
import type { Sandbox } from "../commands/reading-command.ts";
import { HttpError } from "./answers.ts";

/** What runs SQL of people who ask a receiver: the store's `SqlSandbox`, or in a test what it would say. */
export interface PeoplesSql {
  ask(sql: string, variables?: Variables, signal?: AbortSignal): Promise<SandboxAnswer>;
  /** Called after every change that an answer must show at once. */
  renew(): void;
  close(): Promise<void>;
}

/** The sandbox as one question sees it: broken off by `signal`, and told in HTTP's terms when there is no room. */
export function sandboxFor(sql: PeoplesSql, signal: AbortSignal): Sandbox {
  return {
    async ask(text, variables) {
      try {
        return await sql.ask(text, variables, signal);
      } catch (error) {
        if (error instanceof SandboxBusyError || error instanceof SandboxClosedError) {
          throw new HttpError(503, `${error.message}.`);
        }
        if (/ENOSPC|No space left/.test(String(error))) {
          throw new HttpError(503, "the disk of the receiver is full: no copy can be made to ask.");
        }
        throw error;
      }
    },
  };
}
