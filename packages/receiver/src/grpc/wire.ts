import type { ServerHttp2Stream } from "node:http2";
import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";

/**
 * What grpc-js keeps to itself, and bounded memory needs: it hands a message over only when all of it is there and
 * inflated, however many arrive at once.
 *
 * Source: `BaseServerInterceptingCall`, @grpc/grpc-js 1.14,
 * https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/src/server-interceptors.ts
 */
interface Inside {
  readonly stream?: ServerHttp2Stream;
  decompressMessage?(frame: Buffer, encoding: string): Buffer | Promise<Buffer>;
}

/** The bytes of a call, as they come. */
export interface Wire {
  readonly stream: ServerHttp2Stream;
  /** Has messages handed over as they were sent. `told` is told their `grpc-encoding`, or "identity". */
  keepCompressed(told: (encoding: string) => void): void;
}

/** Bytes before a message: whether it is compressed, and its length in four. */
export const framePrefixBytes = 5;

/** @throws Error where grpc-js has changed inside: its version is pinned because of this. */
export function wireOf(call: ServerInterceptingCallInterface): Wire {
  const inside = call as Inside;
  const { stream } = inside;
  if (stream === undefined || typeof inside.decompressMessage !== "function") {
    throw new Error("this version of @grpc/grpc-js cannot be used: it differs inside");
  }
  return {
    stream,
    keepCompressed(told) {
      inside.decompressMessage = (frame, encoding) => {
        told(encoding);
        return frame.subarray(framePrefixBytes);
      };
    },
  };
}
