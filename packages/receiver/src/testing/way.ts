import { gzipSync } from "node:zlib";
import { encodeRequest, type OtlpRequest } from "../encode-request.ts";
import { type BodyEncoding, type BodyFormat, mediaTypes } from "../request.ts";
import { readFailure, readSuccess } from "./answers.ts";
import type { Answer, RunningReceiver, Sending } from "./running-receiver.ts";

/** The four ways in which a request can be sent. */
export const ways: [BodyFormat, BodyEncoding][] = [
  ["protobuf", "identity"],
  ["protobuf", "gzip"],
  ["json", "identity"],
  ["json", "gzip"],
];

/** What came of a request. */
export interface Outcome {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Of the partial success or the error; `undefined` for a plain success. */
  readonly message: string | undefined;
  /** Spans stored since the test began. */
  readonly stored: number;
}

/** Sends to a receiver in one way. */
export class Way {
  readonly format: BodyFormat;
  readonly encoding: BodyEncoding;
  readonly #receiver: () => RunningReceiver;

  constructor(format: BodyFormat, encoding: BodyEncoding, receiver: () => RunningReceiver) {
    this.format = format;
    this.encoding = encoding;
    this.#receiver = receiver;
  }

  /** `request` in this format, not yet compressed. */
  bytesOf(request: OtlpRequest): Buffer {
    return Buffer.from(
      this.format === "json" ? JSON.stringify(request) : (encodeRequest(request) as Buffer),
    );
  }

  /** `bytes` compressed as this way has it. */
  pack(bytes: Buffer): Buffer {
    return this.encoding === "gzip" ? gzipSync(bytes) : bytes;
  }

  /** Sends a body that is packed already. */
  sendBytes(bytes: Buffer, sending: Sending = {}): Promise<Answer> {
    const headers = {
      "Content-Type": mediaTypes[this.format],
      ...(this.encoding === "gzip" && { "Content-Encoding": "gzip" }),
      ...sending.headers,
    };
    return this.#receiver().send(bytes, { ...sending, headers });
  }

  send(request: OtlpRequest, sending?: Sending): Promise<Answer> {
    return this.sendBytes(this.pack(this.bytesOf(request)), sending);
  }

  /** What `answer` comes to, to be compared with `stored` or `refused`. */
  read({ status, headers, body }: Answer): Outcome {
    const said = status === 200 ? readSuccess(this.format, body) : readFailure(this.format, body);
    return {
      status,
      contentType: headers["content-type"],
      message: said.message,
      stored: this.#receiver().stored.length,
    };
  }

  /** A plain success after which `count` spans are stored. */
  stored(count: number): Outcome {
    const contentType = mediaTypes[this.format];
    return { status: 200, contentType, message: undefined, stored: count };
  }

  /** An error in the format of the request, after which nothing is stored. */
  refused(status: number, message: string): Outcome {
    return { status, contentType: mediaTypes[this.format], message, stored: 0 };
  }
}
