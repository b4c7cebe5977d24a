import { request as httpRequest } from "node:http";
import { createPriceBook } from "@spancost/pricing";
import { type Behind, type Rows, SandboxBusyError } from "@spancost/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readToken } from "./read-token.ts";
import { createWebServer, type WebServer } from "./server.ts";

const now = Date.parse("2026-11-19T15:00:00Z");

let server: WebServer;
let port: number;
let faults: unknown[];
let answer: (signal: AbortSignal | undefined) => Promise<Rows>;
let asOf: number;
let behind: Behind | undefined;
let full: boolean;
let renewals: number;
let token: string | undefined;

beforeEach(async () => {
  faults = [];
  asOf = now;
  behind = undefined;
  full = false;
  renewals = 0;
  token = undefined;
  answer = async () => ({ columns: [{ name: "n", type: "INTEGER" }], rows: [{ n: 1 }] });
  server = createWebServer({
    pipeline: {
      prices: createPriceBook(),
      loadContract: () => Promise.reject(new Error("not in this test")),
      reprice: () => Promise.reject(new Error("not in this test")),
      choosePricingRun: async (run) => run === 2,
      archive: () => Promise.reject(new Error("not in this test")),
      store: {
        file: ":memory:",
        reader: (signal) => ({ readRows: () => answer(signal), behind: async () => behind }),
        snapshot: () => Promise.reject(new Error("the disk is full")),
        copy: () => Promise.reject(new Error("the disk is full")),
        mend: (error) => Promise.reject(error),
        settledWithin: async () => undefined,
      },
    },
    peoplesSql: {
      ask: async (_sql, _variables, signal) => {
        if (full) throw new SandboxBusyError(2);
        return { ...(await answer(signal)), asOf, ...(behind !== undefined && { behind }) };
      },
      renew: () => {
        renewals += 1;
      },
      close: async () => {},
    },
    operation: {
      probe: async (path) =>
        path === "/livez" ? { status: 200, type: "text/plain", text: "lives" } : undefined,
      report: async (path) =>
        path === "/metrics" ? { status: 200, type: "text/plain", text: "spans 1" } : undefined,
    },
    authorize: (request) => token === undefined || readToken(request) === token,
    db: "<b>spans</b>.duckdb",
    otlpUrl: "http://127.0.0.1:4318",
    allowedHosts: ["cost.example.com"],
    now: () => now,
    log: (fault) => faults.push(fault),
  });
  ({ port } = await server.listen("127.0.0.1", 0));
});

afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** `fetch` does not let a Host header be chosen. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  sent = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, headers, method }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on("error", reject).end(sent);
  });
}

const sql = `/api/query?sql=${encodeURIComponent("select 1 as n")}`;

test("an answer is the command's envelope", async () => {
  const { status, headers, body } = await ask(sql);
  expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
  expect(JSON.parse(body)).toEqual({
    schema: "spancost/query@1",
    window: null,
    query: null,
    columns: [{ name: "n", type: "INTEGER" }],
    as_of: "2026-11-19T15:00:00Z",
    rows: [{ n: 1 }],
    warnings: [],
  });
});

test("rows that are older than a few seconds say so", async () => {
  asOf = now - 12_345;
  const { as_of, warnings } = JSON.parse((await ask(sql)).body);
  expect([as_of, warnings]).toEqual([
    "2026-11-19T14:59:47.655Z",
    [
      "These rows are as of 2026-11-19 14:59:47 UTC, 12 s ago: the copy that SQL is run on is renewed only every now and then. Queries by name, trace, top and explain are always up to date.",
    ],
  ]);
});

test.each([
  [
    { spans: 12_345, since: now - 60_000 },
    "12,345 spans acknowledged since 14:59:00 UTC are not in these figures yet",
  ],
  [
    { spans: undefined, since: undefined },
    "before the receiver was started anew, and since, are not in these figures yet",
  ],
])("what is acknowledged and not worked out yet is told: %j", async (not, words) => {
  behind = not;
  const warned = [expect.stringContaining(words)];
  expect(JSON.parse((await ask(sql)).body).warnings).toEqual(warned);
  expect(JSON.parse((await ask("/api/prices-runs")).body).warnings[0]).toContain(words);
  answer = async () => ({ columns: [], rows: [] });
  const { error } = JSON.parse((await ask("/api/trace?trace_id=4bf92f35")).body);
  expect(error.message).toMatch(/^no trace that begins with 4bf92f35 is stored/);
  expect(error.message).toContain(words);
  answer = async () => ({ columns: [], rows: [{ calls: 1, cost_usd: "1" }] });
  expect((await ask("/api/page/now")).body).toContain(words);
});

test("SQL that finds no room is told when to come back", async () => {
  full = true;
  const { status, headers, body } = await ask(sql);
  expect([status, headers["retry-after"], JSON.parse(body).error.message]).toEqual([
    503,
    "2",
    "2 questions in SQL are being answered already. Ask again in a few seconds.",
  ]);
});

test("a question is broken off when nobody waits for its answer", async () => {
  const asker = new AbortController();
  const brokenOff = new Promise<void>((resolve) => {
    answer = (signal) => {
      signal?.addEventListener("abort", () => resolve());
      asker.abort();
      return new Promise(() => {});
    };
  });
  const url = `http://127.0.0.1:${port}${sql}`;
  await expect(fetch(url, { signal: asker.signal })).rejects.toThrow("aborted");
  await brokenOff;
  expect(faults).toEqual([]);
});

test("it comes in other forms too", async () => {
  const { headers, body } = await ask(`${sql}&format=csv`);
  expect([headers["content-type"], body]).toEqual(["text/csv; charset=utf-8", "n\n1\n"]);
});

describe("errors say what to do, with the exit code of the command", () => {
  test.each([
    [
      "/api/tpo",
      404,
      1,
      "there is no /api/tpo. Did you mean top? There are explain, report, trace, top, query, check, prices, prices-unpriced, prices-runs, collector-config and snapshot.",
    ],
    [
      "/api/top?limt=1",
      400,
      2,
      'there is no parameter "limt". Did you mean limit? Parameters are by, since, until, where, limit, run, timezone, format.',
    ],
    ["/api/top?limit=x", 400, 2, '--limit takes a whole number from 0 to 1000000000, not "x".'],
    [
      "/api/query",
      400,
      2,
      "query takes one of NAME, --sql TEXT and --list. What queries there are: spancost query --list.",
    ],
    [
      "/api/prices?model=nobodys-model",
      422,
      1,
      'there is no price for "nobodys-model" (unknown_model). Calls to it are stored without a cost.',
    ],
    [`${sql}&format=xml`, 400, 1, 'format is one of table, json, jsonl, csv, markdown, not "xml".'],
    ["/elsewhere", 404, 1, "nothing is at /elsewhere. See / for what runs here."],
  ])("%s", async (path, status, exitCode, message) => {
    const answered = await ask(path);
    expect([answered.status, JSON.parse(answered.body)]).toEqual([
      status,
      { schema: "spancost/error@1", error: { exit_code: exitCode, message } },
    ]);
  });

  test("a browser is shown a page at an address where nothing is", async () => {
    const { status, headers, body } = await ask("/spend", { Accept: "text/html,*/*;q=0.8" });
    expect([status, headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(body).toContain('<a href="/">');
    expect(body).not.toMatch(/<style|<script|style=|spend/);
    expect((await ask("/api/spend", { Accept: "text/html" })).headers["content-type"]).toBe(
      "application/json",
    );
  });

  test("a trace that is not stored is no data", async () => {
    answer = async () => ({ columns: [], rows: [] });
    const { status, body } = await ask("/api/trace?trace_id=4bf92f3577b34da6");
    expect([status, JSON.parse(body).error.exit_code]).toEqual([404, 3]);
  });

  test("a fault is logged, and its text stays here", async () => {
    answer = () => Promise.reject(new Error("secret path"));
    const { status, body } = await ask("/api/top");
    expect([status, faults]).toEqual([500, [new Error("secret path")]]);
    expect(body).not.toContain("secret path");
  });
});

describe("pages of others read nothing", () => {
  test.each([
    ["by a name of their own", { host: "evil.example" }, 403],
    [
      "in a frame",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      403,
    ],
    ["by a script", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
    [
      "by a script of another port",
      { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
      403,
    ],
  ])("%s", async (_, headers, status) => {
    expect((await ask(sql, headers)).status).toBe(status);
  });

  test.each([
    ["a link may lead here", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
    ["the page itself may ask", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }],
    [
      "also in a window of its own",
      {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      },
    ],
    ["a name that the owner allowed is answered", { host: "cost.example.com:4319" }],
  ])("%s", async (_, headers) => {
    expect((await ask(sql, headers)).status).toBe(200);
  });

  test.each(["PUT", "DELETE", "PATCH"])("%s is not supported", async (method) => {
    const { status, headers } = await ask("/api/top", {}, method);
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });
});

describe("a change", () => {
  const json = { "Content-Type": "application/json" };

  test("is a POST of texts, answered with the command's envelope", async () => {
    const { status, body } = await ask("/api/prices-use", json, "POST", '{"run": "2"}');
    expect([status, JSON.parse(body).schema]).toEqual([200, "spancost/prices-use@1"]);
    expect(renewals).toBe(1);
  });

  test("is never made by a page of another site: neither what it can send unasked nor what it says it is", async () => {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    expect((await ask("/api/prices-use", form, "POST", "run=2")).status).toBe(415);
    expect((await ask("/api/prices-use", {}, "POST", '{"run": "2"}')).status).toBe(415);
    const elsewhere = { ...json, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" };
    expect((await ask("/api/prices-use", elsewhere, "POST", '{"run": "2"}')).status).toBe(403);
    const host = { ...json, Host: "evil.example" };
    expect((await ask("/api/prices-use", host, "POST", '{"run": "2"}')).status).toBe(403);
  });

  test.each([
    [
      "/api/prices-use",
      '{"run": "3"}',
      422,
      "there is no pricing run 3. See what runs there are: spancost prices runs.",
    ],
    [
      "/api/prices-use",
      '{"run": 2}',
      400,
      'the body is no JSON object of texts, such as {"run": "2"}.',
    ],
    ["/api/prices-use", "[", 400, 'the body is no JSON object of texts, such as {"run": "2"}.'],
    [
      "/api/prices-use",
      '{"runs": "2"}',
      400,
      'there is no parameter "runs". Did you mean run? Parameters are run, timezone.',
    ],
    ["/api/top", "{}", 405, "POST is not supported here: /api/top is read with GET."],
    ["/api/nothing", "{}", 404, "there is no /api/nothing that changes anything."],
    [
      "/v1/traces",
      "{}",
      405,
      "POST is not supported here. Traces go to the port of --http-port, usually 4318.",
    ],
  ])("%s of %s is answered %i", async (path, sent, status, message) => {
    const { status: answered, body } = await ask(path, json, "POST", sent);
    expect([answered, JSON.parse(body).error.message]).toEqual([status, message]);
  });

  test("of more than 4 MB is refused", async () => {
    const { status } = await ask("/api/prices-load", json, "POST", " ".repeat(4_000_001));
    expect(status).toBe(413);
  });
});

describe("the page", () => {
  test.each(["/", "/explain", "/traces", "/trace/285bf280", "/queries/cost-per-trace"])(
    "%s is the built page, which loads and runs nothing but its own files",
    async (path) => {
      const { status, headers, body } = await ask(path);
      expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
      const loaded = [...body.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? "");
      expect(loaded.length).toBeGreaterThan(2);
      for (const file of loaded) expect((await ask(file)).status).toBe(200);
      expect(body).not.toMatch(/<script(?![^>]*src=)|<style|style=|https?:/);
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      );
      expect(headers).toMatchObject({
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
      });
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    },
  );

  test("its scripts are less than 60 KB on the way, and kept for good by those who may read them", async () => {
    const { body } = await ask("/");
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? "";
    const { headers } = await ask(script, { "Accept-Encoding": "gzip" });
    expect(headers).toMatchObject({
      "content-encoding": "gzip",
      "cache-control": "private, max-age=31536000, immutable",
    });
    expect(Number(headers["content-length"])).toBeLessThan(60_000);
    expect(Number(headers["content-length"])).toBeGreaterThan(10_000);
  });

  test("a HEAD request gets the headers alone", async () => {
    const { status, headers, body } = await ask("/", {}, "HEAD");
    expect([status, Number(headers["content-length"]) > 200, body]).toEqual([200, true, ""]);
  });

  test("it learns where to send traces, and where a trace can be seen whole", async () => {
    const { body } = await ask("/api/page/receiver");
    expect(JSON.parse(body)).toMatchObject({
      db: "<b>spans</b>.duckdb",
      environment: [
        "export OTEL_TRACES_EXPORTER=otlp",
        "export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
        "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
      ],
      trace_link: null,
    });
  });

  test("an answer that it has already is not sent again", async () => {
    const { headers, body } = await ask("/api/page/queries");
    const tag = String(headers["etag"]);
    expect(body.length).toBeGreaterThan(1_000);
    expect(await ask("/api/page/queries", { "If-None-Match": tag })).toMatchObject({
      status: 304,
      body: "",
    });
    expect((await ask("/api/page/queries", { "If-None-Match": '"other"' })).status).toBe(200);
  });

  test.each([
    ["/api/page/nowt", 404, "there is no /api/page/nowt. Did you mean now?"],
    [
      "/api/page/traces?sort=name",
      400,
      '--sort takes one of cost, calls, retries, loop, tokens, duration, started, not "name".',
    ],
    ["/api/page/traces?order=up", 400, '--order takes asc or desc, not "up".'],
    [
      "/api/page/timeline?by=feature&until=1970-01-01&since=1970-01-02",
      400,
      "--until 1970-01-01T00:00:00Z is not after --since 1970-01-02T00:00:00Z: the window holds nothing.",
    ],
  ])("%s is answered %i", async (path, status, message) => {
    const { status: answered, body } = await ask(path);
    expect([answered, JSON.parse(body).error.message]).toEqual([status, message]);
  });
});

describe("with a token", () => {
  beforeEach(() => {
    token = "s3cret";
  });

  test.each(["/", "/icon.svg", "/api/page/now", "/api/top", "/api/snapshot", "/elsewhere"])(
    "%s is for those who have it",
    async (path) => {
      const { status, headers, body } = await ask(path);
      expect([status, headers["www-authenticate"]]).toEqual([
        401,
        'Bearer realm="spancost", Basic realm="spancost", charset="UTF-8"',
      ]);
      expect(JSON.parse(body).error.message).toBe(
        "this receiver is read with a token: as Authorization: Bearer TOKEN, or as the password of any user.",
      );
    },
  );

  test("a change is too", async () => {
    const json = { "Content-Type": "application/json" };
    expect((await ask("/api/prices-use", json, "POST", '{"run": "2"}')).status).toBe(401);
  });

  test("a command sends it as it is, a browser as a password", async () => {
    const basic = Buffer.from("me:s3cret").toString("base64");
    for (const authorization of ["Bearer s3cret", `Basic ${basic}`]) {
      expect((await ask(sql, { authorization })).status).toBe(200);
    }
    expect((await ask(sql, { authorization: "Bearer wrong" })).status).toBe(401);
  });

  test("whether it lives everyone may know, and its figures only who may read", async () => {
    expect(await ask("/livez")).toMatchObject({ status: 200, body: "lives" });
    expect((await ask("/metrics")).status).toBe(401);
    expect(await ask("/metrics", { authorization: "Bearer s3cret" })).toMatchObject({
      status: 200,
      body: "spans 1",
    });
  });
});

test("a snapshot that fails is an error, and the next one is tried again", async () => {
  for (const _ of [1, 2]) expect((await ask("/api/snapshot")).status).toBe(500);
  expect(faults).toHaveLength(2);
});
