import { type Api, EventStream, pieces, sendJson } from "./api.ts";

/** Output tokens that `message_start` names before the answer is made. */
const placeholder = 3;

/**
 * `input_tokens` leaves cache reads and writes out.
 *
 * Source: Claude API reference, "Messages", the object's `usage`; "Streaming messages".
 */
export const messages: Api = {
  name: "anthropic-messages",
  matches: (path) => path.endsWith("/messages"),
  failure: (status) => ({
    type: "error",
    error: {
      type: status === 429 ? "rate_limit_error" : status === 529 ? "overloaded_error" : "api_error",
      message: `planned ${status}`,
    },
    request_id: "req_planned",
  }),
  answer: (exchange) => {
    const { counts, tool, text, id } = exchange;
    const spent = {
      input_tokens: counts.input - counts.cached - counts.cacheWrite,
      cache_creation_input_tokens: counts.cacheWrite,
      cache_read_input_tokens: counts.cached,
      output_tokens: counts.output,
      ...(counts.reasoning > 0
        ? { output_tokens_details: { thinking_tokens: counts.reasoning } }
        : {}),
      ...(counts.webSearches > 0
        ? { server_tool_use: { web_search_requests: counts.webSearches } }
        : {}),
    };
    const usage = {
      ...spent,
      cache_creation: {
        ephemeral_5m_input_tokens: counts.cacheWrite - counts.cacheWrite1h,
        ephemeral_1h_input_tokens: counts.cacheWrite1h,
      },
      service_tier: "standard",
    };
    const content =
      tool === undefined
        ? { type: "text", text }
        : { type: "tool_use", id: `toolu_${id}`, name: tool.name, input: tool.args };
    const message = {
      id: `msg_${id}`,
      type: "message",
      role: "assistant",
      model: exchange.model,
      content: [content],
      stop_reason: tool === undefined ? "end_turn" : "tool_use",
      stop_sequence: null,
      usage,
    };
    if (!exchange.stream) {
      sendJson(exchange.response, message);
      return true;
    }
    const events = new EventStream(exchange.response);
    const send = (type: string, rest: object) => events.send({ type, ...rest }, type);
    const { output_tokens_details: _later, ...begun } = usage;
    send("message_start", {
      message: {
        ...message,
        content: [],
        stop_reason: null,
        usage: { ...begun, output_tokens: placeholder },
      },
    });
    if (tool === undefined) {
      send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
      for (const piece of pieces(text)) {
        send("content_block_delta", { index: 0, delta: { type: "text_delta", text: piece } });
      }
    } else {
      send("content_block_start", { index: 0, content_block: { ...content, input: {} } });
      const delta = { type: "input_json_delta", partial_json: JSON.stringify(tool.args) };
      send("content_block_delta", { index: 0, delta });
    }
    send("content_block_stop", { index: 0 });
    const delta = { stop_reason: message.stop_reason, stop_sequence: null };
    send("message_delta", { delta, usage: spent });
    send("message_stop", {});
    events.end();
    return true;
  },
};
