import { createWriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { ReadingCommand, WritingCommand } from "../commands/reading-command.ts";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { readEnvelope } from "../envelope/read-json.ts";
import { CommandError, UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import type { Io } from "../ports.ts";
import { snapshotType } from "../web-api/snapshot.ts";
import { type Asked, NoAnswerError, sendRequest } from "./http-request.ts";
import { type ReceiverNote, withSlash } from "./receiver-note.ts";
import type { Source } from "./source.ts";

/** Milliseconds: for a connection, for an answer, and after which the wait is told of. */
const connectMillis = 5_000;
const answerMillis = 600_000;
const slowMillis = 2_000;

/** Asks a receiver over HTTP: the same questions, the same answers. */
export class RemoteSource implements Source {
  readonly #base: URL;
  readonly #io: Pick<Io, "notes" | "env">;
  readonly #token: string | undefined;
  readonly #cert: string | undefined;

  /**
   * @param url a token for reading may stand in it, as its password; else it is that of SPANCOST_TOKEN
   * @param known what the receiver itself left for commands on its machine
   * @throws UsageError where it is no address
   */
  constructor(
    url: string,
    io: Pick<Io, "notes" | "env">,
    known: Pick<ReceiverNote, "token" | "cert"> = {},
  ) {
    const base = URL.canParse(url) ? new URL(withSlash(url)) : undefined;
    if (base?.protocol !== "http:" && base?.protocol !== "https:") {
      throw new UsageError(
        `--url takes the address of a receiver's page, such as http://localhost:4319, not "${url}".`,
      );
    }
    const password = decodeURIComponent(base.password);
    this.#token = known.token ?? (password === "" ? io.env["SPANCOST_TOKEN"] : password);
    this.#cert = known.cert;
    base.username = "";
    base.password = "";
    this.#base = base;
    this.#io = io;
  }

  async answer(command: Pick<ReadingCommand, "name">, texts: Texts): Promise<Envelope> {
    const response = await this.#ask(`api/${command.name}?${texts.toUrl()}`);
    return this.#envelope(response, command.name);
  }

  async write(command: Pick<WritingCommand, "name">, texts: Texts): Promise<Envelope> {
    const response = await this.#ask(`api/${command.name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(texts.toObject()),
    });
    return this.#envelope(response, command.name);
  }

  async snapshot(outFile: string): Promise<void> {
    const response = await this.#ask("api/snapshot");
    if (response.headers["content-type"] !== snapshotType) {
      response.destroy();
      throw new CommandError(
        `${this.#base.origin} sends no snapshot: is this the page of a spancost receiver?`,
      );
    }
    await this.#read(pipeline(response, createWriteStream(outFile, { flags: "wx" })));
  }

  async close(): Promise<void> {}

  async #envelope(response: IncomingMessage, command: string): Promise<Envelope> {
    return readEnvelope(await this.#read(textOf(response)), schemaOf(command));
  }

  async #ask(path: string, asked: Asked = {}): Promise<IncomingMessage> {
    const { origin } = this.#base;
    const token = this.#token === undefined ? {} : { Authorization: `Bearer ${this.#token}` };
    const headers = { ...asked.headers, ...token };
    const onSlow = () => {
      this.#io.notes.write(`waiting for the receiver at ${origin} … (Ctrl-C ends)\n`);
    };
    const patience = { connectMillis, answerMillis, slowMillis, onSlow };
    try {
      const url = new URL(path, this.#base);
      const response = await sendRequest(url, { ...asked, headers, cert: this.#cert }, patience);
      if (response.statusCode === 200) return response;
      const text = await this.#read(textOf(response));
      throw response.statusCode === 401
        ? new CommandError(notAllowedText(origin, this.#token, asked.method === "POST"))
        : errorOf(response, text, this.#base);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      throw new CommandError(noAnswerText(error, this.#base));
    }
  }

  /** @throws CommandError where the receiver goes away in the middle of its answer */
  async #read<Value>(reading: Promise<Value>): Promise<Value> {
    try {
      return await reading;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
      throw new CommandError(
        `the receiver at ${this.#base.origin} went away in the middle of its answer. Ask again.`,
      );
    }
  }
}

/** What may be the matter, and what to do. */
function noAnswerText({ message: reason, isConnected }: NoAnswerError, base: URL): string {
  const { origin, protocol, host } = base;
  if (protocol === "https:" && /CERT|SIGNATURE/.test(reason)) {
    return (
      `the certificate of ${origin} is not trusted here (${reason}). Name it, or the authority that signed it: ` +
      "NODE_EXTRA_CA_CERTS=cert.pem; and ask by a name that stands in it."
    );
  }
  if (protocol === "https:" && reason === "EPROTO") {
    return `${origin} does not speak TLS (${reason}). Ask http://${host}.`;
  }
  if (!isConnected) {
    return (
      `no receiver answers at ${origin} (${reason}). ` +
      "Start one with spancost serve, or read a file with --db FILE."
    );
  }
  // A server that expects TLS hangs up on anything else; one that was stopped does too.
  if (protocol === "http:" && reason === "ECONNRESET") {
    return `${origin} hung up (${reason}). Does it speak TLS? Then ask https://${host}.`;
  }
  return (
    `the receiver at ${origin} took the question and does not answer (${reason}). ` +
    "Ask for a shorter window, or see what the receiver is doing."
  );
}

/** A receiver does not tell what is wrong with a token: here it is known whether there was one, and what it was for. */
function notAllowedText(origin: string, token: string | undefined, changes: boolean): string {
  const [does, scope] = changes ? ["changed", "read,write"] : ["read", "read"];
  if (token === undefined) {
    return `the receiver at ${origin} is ${does} with a token: set SPANCOST_TOKEN to it.`;
  }
  return (
    `the receiver at ${origin} does not take the token that it was given: it is not known there, has expired, or may not do ` +
    `this. One that may is made with spancost token NAME --scope ${scope}, and its line put into the receiver's file of tokens.`
  );
}

/** The error as the receiver had it: its message says what to do, here as there. */
function errorOf(response: IncomingMessage, text: string, base: URL): CommandError {
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
    `${base.origin} answers ${response.statusCode} ${response.statusMessage}: is this the page of a spancost receiver?`,
  );
}
