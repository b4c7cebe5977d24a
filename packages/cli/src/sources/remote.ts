import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { ReadingCommand, WritingCommand } from "../commands/reading-command.ts";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { readEnvelope } from "../envelope/read-json.ts";
import { CommandError, UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import { snapshotType } from "../web-api/snapshot.ts";
import { withSlash } from "./receiver-note.ts";
import type { Source } from "./source.ts";

/** Asks a receiver over HTTP: the same questions, the same answers. */
export class RemoteSource implements Source {
  readonly #base: URL;

  /** @throws UsageError where `url` is none */
  constructor(url: string) {
    const base = URL.canParse(url) ? new URL(withSlash(url)) : undefined;
    if (base?.protocol !== "http:" && base?.protocol !== "https:") {
      throw new UsageError(
        `--url takes the address of a receiver's page, such as http://localhost:4319, not "${url}".`,
      );
    }
    this.#base = base;
  }

  async answer(command: Pick<ReadingCommand, "name">, texts: Texts): Promise<Envelope> {
    const response = await this.#ask(`api/${command.name}?${texts.toUrl()}`);
    return readEnvelope(await response.text(), schemaOf(command.name));
  }

  async write(command: Pick<WritingCommand, "name">, texts: Texts): Promise<Envelope> {
    const response = await this.#ask(`api/${command.name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(texts.toObject()),
    });
    return readEnvelope(await response.text(), schemaOf(command.name));
  }

  async snapshot(outFile: string): Promise<void> {
    const { body, headers } = await this.#ask("api/snapshot");
    if (body === null || headers.get("content-type") !== snapshotType) {
      throw new CommandError(
        `${this.#base.origin} sends no snapshot: is this the page of a spancost receiver?`,
      );
    }
    await pipeline(
      Readable.fromWeb(body as ReadableStream),
      createWriteStream(outFile, { flags: "wx" }),
    );
  }

  async close(): Promise<void> {}

  async #ask(path: string, request: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#base), request);
    } catch (error) {
      throw new CommandError(
        `no receiver answers at ${this.#base.origin} (${causeOf(error)}). ` +
          "Start one with spancost serve, or read a file with --db FILE.",
      );
    }
    if (!response.ok) throw await errorOf(response, this.#base);
    return response;
  }
}

function causeOf(error: unknown): string {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? String(error);
}

/** The error as the receiver had it: its message says what to do, here as there. */
async function errorOf(response: Response, base: URL): Promise<CommandError> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error: { exit_code: ExitCode; message: string } };
    if (typeof error.message === "string") {
      const known = Object.values(exitCodes).includes(error.exit_code);
      return new CommandError(error.message, known ? error.exit_code : exitCodes.failure);
    }
  } catch {
    // Not JSON: something else than spancost answers there.
  }
  return new CommandError(
    `${base.origin} answers ${response.status} ${response.statusText}: is this the page of a spancost receiver?`,
  );
}
