import { constants } from "node:http2";
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from "@grpc/grpc-js";
import type { Answered } from "../answered.ts";
import { toRequestError } from "../failure.ts";
import type { Admitted, Gate } from "../gate.ts";
import { type BodyEncoding, RequestError, tooLarge } from "../request.ts";
import { callStatusOf } from "./call-status.ts";
import { tracesPath } from "./services.ts";
import { framePrefixBytes, type Wire, wireOf } from "./wire.ts";

/** What calls are let in by. */
export interface IncomingOptions {
  readonly gate: Gate;
  /** Bytes of one message as it is sent. */
  readonly maxBodyBytes: number;
  /** Milliseconds in which a whole call must be sent. */
  readonly requestMs: number;
  readonly onAnswer: (answered: Answered) => void;
  readonly onError: (error: unknown) => void;
}

/** A call that was let in and whose message is being read. */
class IncomingCall {
  readonly admitted: Admitted;
  readonly begunAt = performance.now();
  /** In which its message is compressed. */
  encoding = "identity";
  #taken = false;
  #refused = false;
  #bytes = 0;
  readonly #wire: Wire;
  readonly #refuse: (error: unknown) => void;
  readonly #tooLate: NodeJS.Timeout;

  /** @param refuse ends the call with an error */
  constructor(
    wire: Wire,
    admitted: Admitted,
    { maxBodyBytes, requestMs }: IncomingOptions,
    refuse: (error: unknown) => void,
  ) {
    this.admitted = admitted;
    this.#wire = wire;
    this.#refuse = refuse;
    this.#tooLate = setTimeout(() => this.#end(tooSlow()), requestMs);
    wire.keepCompressed((encoding) => {
      this.encoding = encoding;
    });
    wire.stream.on("data", (chunk: Buffer) => this.#count(chunk, maxBodyBytes));
    wire.stream.once("close", () => this.#close());
  }

  /** The whole message is here: from now on, whoever answers it releases its memory. */
  take(): void {
    this.#taken = true;
    clearTimeout(this.#tooLate);
  }

  #count(chunk: Buffer, maxBodyBytes: number): void {
    if (this.#refused) return;
    const announced =
      this.#bytes === 0 && chunk.byteLength >= framePrefixBytes ? chunk.readUInt32BE(1) : 0;
    this.#bytes += chunk.byteLength;
    if (Math.max(announced, this.#bytes - framePrefixBytes) > maxBodyBytes) {
      this.#end(tooLarge(maxBodyBytes));
      return;
    }
    try {
      this.admitted.hold(chunk.byteLength);
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#refused = true;
    this.#refuse(error);
    // A sender could go on for ever, and what was read of the message is kept as long as its stream is open.
    this.#wire.stream.close(constants.NGHTTP2_NO_ERROR);
  }

  #close(): void {
    clearTimeout(this.#tooLate);
    if (!this.#taken) this.admitted.release();
  }
}

/** Lets calls in before anything of their messages is read, and knows those that were. */
export class IncomingCalls {
  readonly #options: IncomingOptions;
  readonly #calls = new WeakMap<Metadata, IncomingCall>();

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  /** To be put before all methods. */
  readonly interceptor: ServerInterceptor = ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            if (this.#admit(path, call, metadata)) pass(metadata);
          },
        }),
    });

  /** The call that came with `metadata`. */
  of(metadata: Metadata): IncomingCall | undefined {
    return this.#calls.get(metadata);
  }

  /** Whether the message of `call` may be read; if not, it has been answered. */
  #admit(path: string, call: ServerInterceptingCallInterface, metadata: Metadata): boolean {
    const { gate, onAnswer, onError } = this.#options;
    const begun = performance.now();
    const refuse = (error: unknown) => {
      const failure = toRequestError(error, onError);
      call.sendStatus(callStatusOf(failure));
      onAnswer(answeredCall(begun, undefined, undefined, failure.status, 0, 0));
    };
    let wire: Wire | undefined;
    try {
      wire = wireOf(call);
      if (path !== tracesPath) throw notReceived();
      const authorization = metadata.get("authorization")[0]?.toString();
      const admitted = gate.admit(authorization, call.getConnectionInfo().remoteAddress);
      this.#calls.set(metadata, new IncomingCall(wire, admitted, this.#options, refuse));
      return true;
    } catch (error) {
      refuse(error);
      wire?.stream.close(constants.NGHTTP2_NO_ERROR);
      return false;
    }
  }
}

/** What is told of a call that was answered. @param begun by `performance.now()`, when its headers came */
export function answeredCall(
  begun: number,
  encoding: BodyEncoding | undefined,
  bytes: number | undefined,
  status: number,
  stored: number,
  rejected: number,
): Answered {
  const millis = performance.now() - begun;
  return {
    transport: "grpc",
    format: "protobuf",
    encoding,
    bytes,
    millis,
    status,
    stored,
    rejected,
  };
}

function notReceived(): RequestError {
  return new RequestError(501, `only traces are received here, by ${tracesPath}`);
}

function tooSlow(): RequestError {
  return new RequestError(408, "the message took too long to arrive: try again");
}
