import type { Span } from "@spancost/records";
import type { OtlpSpan, OtlpValue } from "../encode-request.ts";
import { sampleRequest, sampleSpan } from "../testing/sample.ts";
import { attribute, both, type Case, oneJsonSpan, oneSpan, protobufSpan } from "./case.ts";

/** A good span with `fields` beside another good one. */
function besides(fields: OtlpSpan): Case["bodies"] {
  return (traceId) =>
    both(
      sampleRequest(
        sampleSpan({ traceId, ...fields }),
        sampleSpan({ traceId, spanId: "00000000000000ff" }),
      ),
    );
}

/** The good one of two is stored, and the other told as refused. */
function refusedOne(id: string, claim: string, fields: OtlpSpan): Case {
  return {
    id,
    claim,
    bodies: besides(fields),
    answer: { status: 200, rejected: 1, message: /^span rejected: (trace|span)_?id /i },
    stored: 1,
    look: (span) => span.spanId,
    seen: ["00000000000000ff"],
  };
}

const idLengths = [0, 1, 7, 8, 9, 15, 17, 32];

/** Values under a name that should have a count of tokens, and what is kept of them. */
const counts: [OtlpValue, unknown][] = [
  [{ intValue: "-1" }, -1],
  [{ intValue: "9223372036854775807" }, 9223372036854775807n],
  [{ doubleValue: 1e308 }, 1e308],
  [{ doubleValue: 1.5 }, 1.5],
  [{ stringValue: "12" }, "12"],
  [{ boolValue: true }, true],
  [{ arrayValue: { values: [{ intValue: "1" }] } }, [1]],
];

const times = ["0", "1", "10413792000000000000", "18446744073709551615"];

/** Text that means something elsewhere. */
const texts = [
  "'; DROP TABLE spans;--",
  "{x:String}",
  "a\u0000b",
  "%s",
  `\${jndi:ldap://x}`,
  "=1+1",
  "<script>alert(1)</script>",
  "\u001b[31m",
  "naïve \u202eabc 😀",
];

/** A span with these texts for its name, and for the names and values of its attributes. */
const textSpan: OtlpSpan = {
  name: texts.join(" "),
  attributes: texts.map((text) => ({ key: text, value: { stringValue: text } })),
};

const many = <Entry>(count: number, entry: Entry) => Array.from({ length: count }, () => entry);

/** Spans that are strange, but spans. */
export const oddCases: readonly Case[] = [
  {
    id: "B11",
    claim: "of a million attributes those of one name are one",
    bodies: oneSpan({ attributes: many(1_000_000, { key: "v", value: { intValue: "1" } }) }),
    look: attribute("v"),
    seen: [1],
    plainOnly: true,
  },
  {
    id: "B11",
    claim: "of 100,000 events the first are kept",
    bodies: oneSpan({ events: many(100_000, { name: "chunk" }) }),
    look: ({ eventNames }) => eventNames.length,
    seen: [1024],
    plainOnly: true,
  },
  {
    id: "B11",
    claim: "more spans than are taken at once are 413",
    bodies: (traceId) =>
      both({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: Array.from({ length: 200_001 }, (_, index) => ({
                  traceId,
                  spanId: (index + 1).toString(16).padStart(16, "0"),
                })),
              },
            ],
          },
        ],
      }),
    answer: {
      status: 413,
      message: /^the request has more than 200000 spans: send smaller batches/,
    },
    plainOnly: true,
  },
  {
    id: "B11",
    claim: "more refused spans than are taken at once are 413, and not all looked at",
    bodies: () => both({ resourceSpans: [{ scopeSpans: [{ spans: many(1_000_000, {}) }] }] }),
    answer: { status: 413, message: /^the request has more than 200000 spans/ },
    plainOnly: true,
  },
  {
    id: "B11",
    claim: "JSON of more objects than are taken at once is 413",
    only: "json",
    bodies: () => ({ json: `{"x":[${"{},".repeat(4_000_000)}{}]}` }),
    answer: { status: 413, message: /^the request is JSON of too many objects/ },
  },
  {
    id: "B12",
    claim: "a text of 60 MiB is left out, and said so",
    bodies: oneSpan({
      attributes: [{ key: "v", value: { stringValue: "x".repeat(60 * 1024 * 1024) } }],
    }),
    answer: {
      status: 200,
      rejected: 0,
      message: /^attribute "v" dropped: longer than 262144 bytes/,
    },
    look: attribute("v"),
    seen: [undefined],
    plainOnly: true,
  },
  {
    id: "B12",
    claim: "a name of 1 MiB for an attribute is nobody's",
    bodies: oneSpan({ attributes: [{ key: "k".repeat(1024 * 1024), value: { intValue: "1" } }] }),
    look: ({ attributes }) => [...attributes.keys()],
    seen: [[]],
  },
  {
    id: "B13",
    claim: "what is no UTF-8 becomes U+FFFD, and the batch is not lost",
    only: "protobuf",
    bodies: protobufSpan((span) => span.bytes(5, Buffer.from([0x61, 0xff]))),
    look: ({ name }) => name,
    seen: ["a\ufffd"],
  },
  {
    id: "B13",
    claim: "lone surrogates become U+FFFD",
    only: "json",
    bodies: oneJsonSpan({ name: "a \ud800" }),
    look: ({ name }) => name,
    seen: ["a \ufffd"],
  },
  ...idLengths
    .filter((bytes) => bytes !== 16)
    .map((bytes) =>
      refusedOne("B14", `a trace id of ${bytes} bytes refuses its span`, {
        traceId: "ab".repeat(bytes),
      }),
    ),
  ...idLengths
    .filter((bytes) => bytes !== 8)
    .map((bytes) =>
      refusedOne("B14", `a span id of ${bytes} bytes refuses its span`, {
        spanId: "ab".repeat(bytes),
      }),
    ),
  ...["0af7651916cd43dd8448eb211c80319", "zz".repeat(16), "CvdlGRbNQ92ESOshHIAxnA=="].map(
    (id): Case => ({
      ...refusedOne("B14", `a trace id of ${JSON.stringify(id)} in JSON refuses its span`, {}),
      only: "json",
      bodies: (traceId) => ({ json: besides({ traceId: id })(traceId).json ?? "" }),
    }),
  ),
  {
    id: "B14",
    claim: "spans that are refused for the same reason are told in one sentence",
    bodies: (traceId) => {
      const bad = sampleSpan({ traceId: "abcd" });
      return both(sampleRequest(bad, sampleSpan({ traceId }), bad));
    },
    answer: {
      status: 200,
      rejected: 2,
      message: /^span rejected: trace_?id .* \(2 times, first at .*\)$/i,
    },
    stored: 1,
  },
  {
    id: "D06",
    claim: "ten thousand refused spans are told in an answer of less than a kilobyte",
    bodies: () => both(sampleRequest(...many(10_000, sampleSpan({ traceId: "" })))),
    answer: { status: 200, rejected: 10_000, message: /^span rejected.{1,900}$/ },
    stored: 0,
  },
  refusedOne("B15", "a trace id of zeros refuses its span", { traceId: "00".repeat(16) }),
  refusedOne("B15", "a span id of zeros refuses its span", { spanId: "00".repeat(8) }),
  ...counts.map(
    ([value, kept]): Case => ({
      id: "B16",
      claim: `${JSON.stringify(value)} for a count of tokens does not refuse its span`,
      bodies: oneSpan({
        attributes: [
          { key: "gen_ai.request.model", value: { stringValue: "gpt-5-mini" } },
          { key: "gen_ai.usage.input_tokens", value },
        ],
      }),
      look: attribute("gen_ai.usage.input_tokens"),
      seen: [kept],
    }),
  ),
  {
    id: "B17",
    claim: "times that cannot be are kept within bounds",
    bodies: (traceId) =>
      both(
        sampleRequest(
          ...times.map((startTimeUnixNano, index) =>
            sampleSpan({
              traceId,
              spanId: `000000000000000${index + 1}`,
              startTimeUnixNano,
              endTimeUnixNano: "5000",
            }),
          ),
        ),
      ),
    stored: 4,
    look: ({ startedAt, endedAt }: Span) => [startedAt, endedAt],
    seen: [
      [0, 5],
      [0, 5],
      [8_993_721_600_000_000, 5],
      [8_993_721_600_000_000, 5],
    ],
  },
  {
    id: "B18",
    claim: "of attributes of one name the last counts, whatever its type",
    bodies: oneSpan({
      attributes: [
        { key: "v", value: { stringValue: "first" } },
        { key: "v", value: { intValue: "2" } },
      ],
    }),
    look: attribute("v"),
    seen: [2],
  },
  {
    id: "B13 B21",
    claim: "text that means something elsewhere is kept as it is",
    bodies: oneSpan(textSpan),
    look: ({ name, attributes }) => [name, ...texts.map((text) => attributes.get(text))],
    seen: [[texts.join(" "), ...texts]],
  },
];
