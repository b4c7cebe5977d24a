import { crc32 } from "node:zlib";
import { type Api, type Exchange, type Json, pieces, sendJson } from "./api.ts";

function usage({ counts }: Exchange): Json {
  return {
    inputTokens: counts.input - counts.cached - counts.cacheWrite,
    outputTokens: counts.output,
    totalTokens: counts.input + counts.output,
    cacheReadInputTokens: counts.cached,
    cacheWriteInputTokens: counts.cacheWrite,
  };
}

function stopReason({ tool }: Exchange): string {
  return tool === undefined ? "end_turn" : "tool_use";
}

/**
 * `inputTokens` leaves cache reads and writes out; `totalTokens` does not.
 *
 * Source: Amazon Bedrock API reference, "TokenUsage", "Converse".
 */
export const converse: Api = {
  name: "bedrock-converse",
  matches: (path) => path.endsWith("/converse"),
  failure: (status) => ({ message: `planned ${status}` }),
  answer: (exchange) => {
    const { tool, text, id } = exchange;
    const content =
      tool === undefined
        ? { text }
        : { toolUse: { toolUseId: `tu_${id}`, name: tool.name, input: tool.args } };
    sendJson(exchange.response, {
      output: { message: { role: "assistant", content: [content] } },
      stopReason: stopReason(exchange),
      usage: usage(exchange),
      metrics: { latencyMs: 20 },
    });
    return true;
  },
};

/** Source: Amazon Bedrock API reference, "ConverseStream". */
export const converseStream: Api = {
  ...converse,
  name: "bedrock-converse-stream",
  matches: (path) => path.endsWith("/converse-stream"),
  answer: (exchange) => {
    const { response, tool, text, id } = exchange;
    response.setHeader("content-type", "application/vnd.amazon.eventstream");
    const send = (type: string, body: Json) => response.write(eventStreamMessage(type, body));
    send("messageStart", { role: "assistant" });
    if (tool === undefined) {
      for (const piece of pieces(text)) {
        send("contentBlockDelta", { contentBlockIndex: 0, delta: { text: piece } });
      }
    } else {
      const start = { toolUse: { toolUseId: `tu_${id}`, name: tool.name } };
      send("contentBlockStart", { contentBlockIndex: 0, start });
      const delta = { toolUse: { input: JSON.stringify(tool.args) } };
      send("contentBlockDelta", { contentBlockIndex: 0, delta });
    }
    send("contentBlockStop", { contentBlockIndex: 0 });
    send("messageStop", { stopReason: stopReason(exchange) });
    send("metadata", { usage: usage(exchange), metrics: { latencyMs: 20 } });
    response.end();
    return true;
  },
};

/** InvokeModel with a Claude model: the body is Anthropic's. */
export const invokeModel: Api = {
  ...converse,
  name: "bedrock-invoke",
  matches: (path) => path.endsWith("/invoke"),
  answer: ({ counts, text, model, id, response }) => {
    sendJson(response, {
      id: `msg_bdrk_${id}`,
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text }],
      stop_reason: "end_turn",
      usage: {
        input_tokens: counts.input - counts.cached - counts.cacheWrite,
        cache_creation_input_tokens: counts.cacheWrite,
        cache_read_input_tokens: counts.cached,
        output_tokens: counts.output,
      },
    });
    return true;
  },
};

/**
 * A message of an AWS event stream: lengths, headers and body, each part under its checksum.
 *
 * Source: Amazon Transcribe developer guide, "Event stream encoding", which all of AWS shares.
 */
function eventStreamMessage(type: string, body: Json): Buffer {
  const payload = Buffer.from(JSON.stringify(body));
  const headers = Buffer.concat([
    header(":event-type", type),
    header(":content-type", "application/json"),
    header(":message-type", "event"),
  ]);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + payload.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), headers, payload]);
  return Buffer.concat([message, checksum(message)]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([7]),
    length,
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
