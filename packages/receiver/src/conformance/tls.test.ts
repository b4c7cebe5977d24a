import { request } from "node:https";
import { type ConnectionOptions, connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TlsOptions } from "../access/tls.ts";
import { encodeRequest } from "../encode-request.ts";
import { mediaTypes } from "../request.ts";
import { Authority } from "../testing/certificates.ts";
import { frame, GrpcWire } from "../testing/grpc-wire.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan } from "../testing/sample.ts";

const authority = new Authority("an authority");
const stranger = new Authority("another authority");
const body = encodeRequest(sampleRequest(sampleSpan()));

/** Sends over HTTPS; the status, or the error's code. */
function sendHttps(port: number, options: ConnectionOptions): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        method: "POST",
        path: "/v1/traces",
        agent: false,
        headers: { "Content-Type": mediaTypes.protobuf },
        ca: authority.cert,
        ...options,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    outgoing.end(body);
  });
}

/** Sends over gRPC; the code of the answer, or `undefined` where there is none. */
async function sendGrpc(port: number, options: ConnectionOptions): Promise<number | undefined> {
  const wire = new GrpcWire(port, { ca: authority.cert, ...options });
  const { code } = await wire.call(frame(body));
  wire.close();
  return code;
}

/** What becomes of a handshake. */
function handshake(port: number, options: ConnectionOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, ca: authority.cert, ...options }, () => {
      resolve(socket.getProtocol() ?? undefined);
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

async function startWith(tls: TlsOptions): Promise<RunningReceiver> {
  return RunningReceiver.start({ tls });
}

describe("D05 with a certificate of its own,", () => {
  let running: RunningReceiver;
  beforeAll(async () => {
    running = await startWith(authority.issue("localhost"));
  });
  afterAll(() => running.stop());

  test("HTTP and gRPC are taken over TLS", async () => {
    expect(await sendHttps(running.port, {})).toBe(200);
    expect(await sendGrpc(running.grpcPort, {})).toBe(0);
    expect(running.takeStored()).toHaveLength(2);
  });

  test("nothing is taken in plain text", async () => {
    const plain = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
    expect(await running.sendRaw(plain, { thenEnd: true })).not.toContain(" 200 ");
    const wire = new GrpcWire(running.grpcPort);
    expect((await wire.call(frame(body))).code).toBeUndefined();
    wire.close();
    expect(running.stored).toEqual([]);
  });

  test.each(["TLSv1", "TLSv1.1"] as const)("%s is refused", async (version) => {
    // The client's own library refuses to speak them at its usual level of security.
    const old: ConnectionOptions = {
      minVersion: version,
      maxVersion: version,
      ciphers: "DEFAULT@SECLEVEL=0",
    };
    for (const port of [running.port, running.grpcPort]) {
      expect(await handshake(port, old)).toMatch(/ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ECONNRESET/);
    }
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("%s is spoken", async (version) => {
    const only: ConnectionOptions = { minVersion: version, maxVersion: version };
    expect(await handshake(running.port, only)).toBe(version);
    expect(await handshake(running.grpcPort, { ...only, ALPNProtocols: ["h2"] })).toBe(version);
  });
});

describe("D05 where clients must have a certificate,", () => {
  let running: RunningReceiver;
  beforeAll(async () => {
    running = await startWith({ ...authority.issue("localhost"), clientCa: authority.cert });
  });
  afterAll(() => running.stop());

  test("one of the right authority is let in", async () => {
    const client = authority.issue("a client");
    expect(await sendHttps(running.port, client)).toBe(200);
    expect(await sendGrpc(running.grpcPort, client)).toBe(0);
    expect(running.takeStored()).toHaveLength(2);
  });

  test.each<[string, ConnectionOptions]>([
    ["none", {}],
    ["one of another authority", stranger.issue("a client")],
  ])("%s is not", async (_, client) => {
    expect(await sendHttps(running.port, client)).toMatch(/^E/);
    expect(await sendGrpc(running.grpcPort, client)).toBeUndefined();
    expect(running.stored).toEqual([]);
  });
});
