import { gzipSync } from "node:zlib";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import type { Target } from "../faults/load/sending.ts";
import { encodeAll } from "./encode.ts";
import type { Request } from "./traces.ts";

/** How a request goes out. */
export const ways = ["json", "protobuf", "json gzip", "protobuf gzip", "grpc"] as const;

export type Way = (typeof ways)[number];

/** What the sender was told. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

/** Sends one request with `headers` beside its own. */
export async function send(
  target: Target,
  request: Request,
  way: Way,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  if (way === "grpc") return call(target.grpc ?? "", Buffer.from(encodeAll(request)), headers);
  const isJson = way.startsWith("json");
  const body = isJson ? Buffer.from(JSON.stringify(request)) : Buffer.from(encodeAll(request));
  return post(target, way.endsWith("gzip") ? gzipSync(body) : body, {
    "content-type": isJson ? "application/json" : "application/x-protobuf",
    ...(way.endsWith("gzip") && { "content-encoding": "gzip" }),
    ...headers,
  });
}

export async function post(
  target: Target,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  query = "",
): Promise<Answer> {
  const url = `${target.http}/v1/traces${query}`;
  const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
  return {
    ok: response.status === 200,
    text: Buffer.from(await response.arrayBuffer()).toString(),
  };
}

function call(
  address: string,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((settle) => {
    client.makeUnaryRequest(
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      body,
      metadata,
      (error, answer) => {
        client.close();
        settle({ ok: error === null, text: error?.details ?? answer?.toString() ?? "" });
      },
    );
  });
}
