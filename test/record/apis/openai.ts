import { type Api, EventStream, type Exchange, type Json, pieces, sendJson } from "./api.ts";

const created = 1_795_000_000;

function failure(status: number): Json {
  const limited = status === 429;
  return {
    error: {
      message: `planned ${status}`,
      type: limited ? "tokens" : "server_error",
      param: null,
      code: limited ? "rate_limit_exceeded" : null,
    },
  };
}

/** Source: OpenAI API reference, "Chat Completions", the object's `usage`. */
export const chatCompletions: Api = {
  name: "openai-chat",
  matches: (path) => path.endsWith("/chat/completions"),
  failure,
  answer: (exchange) => {
    const { counts, tool, text, id } = exchange;
    const base = {
      id: `chatcmpl-${id}`,
      created,
      model: exchange.model,
      service_tier: exchange.serviceTier,
      system_fingerprint: "fp_planned",
    };
    const usage = {
      prompt_tokens: counts.input,
      completion_tokens: counts.output,
      total_tokens: counts.input + counts.output,
      prompt_tokens_details: {
        cached_tokens: counts.cached,
        audio_tokens: counts.inputAudio,
        ...(counts.cacheWrite > 0 ? { cache_write_tokens: counts.cacheWrite } : {}),
      },
      completion_tokens_details: {
        reasoning_tokens: counts.reasoning,
        audio_tokens: counts.outputAudio,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    };
    const calls = tool && [
      {
        id: `call_${id}`,
        type: "function",
        function: { name: tool.name, arguments: JSON.stringify(tool.args) },
      },
    ];
    const finish = tool === undefined ? "stop" : "tool_calls";
    if (!exchange.stream) {
      const message = {
        role: "assistant",
        content: tool === undefined ? text : null,
        refusal: null,
        ...(calls && { tool_calls: calls }),
      };
      const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
      sendJson(exchange.response, { ...base, object: "chat.completion", choices, usage });
      return true;
    }
    const options = exchange.body["stream_options"] as Json | undefined;
    const told = options?.["include_usage"] === true;
    const events = new EventStream(exchange.response);
    const chunk = (delta: Json, finish_reason: string | null = null) =>
      events.send({
        ...base,
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta, logprobs: null, finish_reason }],
        ...(told ? { usage: null } : {}),
      });
    chunk({ role: "assistant", content: tool === undefined ? "" : null });
    if (calls) chunk({ tool_calls: calls.map((call) => ({ index: 0, ...call })) });
    else for (const piece of pieces(text)) chunk({ content: piece });
    chunk({}, finish);
    if (told) events.send({ ...base, object: "chat.completion.chunk", choices: [], usage });
    events.send("[DONE]");
    events.end();
    return told;
  },
};

/** Source: OpenAI API reference, "Responses", the object's `usage` and the events of a stream. */
export const responses: Api = {
  name: "openai-responses",
  matches: (path) => path.endsWith("/responses"),
  failure,
  answer: (exchange) => {
    const { counts, tool, text, id } = exchange;
    const item =
      tool === undefined
        ? {
            id: `msg_${id}`,
            type: "message",
            status: "completed",
            role: "assistant",
            content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
          }
        : {
            id: `fc_${id}`,
            type: "function_call",
            status: "completed",
            call_id: `call_${id}`,
            name: tool.name,
            arguments: JSON.stringify(tool.args),
          };
    const usage = {
      input_tokens: counts.input,
      input_tokens_details: {
        cached_tokens: counts.cached,
        cache_write_tokens: counts.cacheWrite,
      },
      output_tokens: counts.output,
      output_tokens_details: { reasoning_tokens: counts.reasoning },
      total_tokens: counts.input + counts.output,
    };
    const base = {
      id: `resp_${id}`,
      object: "response",
      created_at: created,
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      model: exchange.model,
      parallel_tool_calls: true,
      service_tier: exchange.serviceTier,
      temperature: 1,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: exchange.body["tools"] ?? [],
      top_p: 1,
    };
    const searches = Array.from({ length: counts.webSearches }, (_, nth) => ({
      id: `ws_${id}_${nth}`,
      type: "web_search_call",
      status: "completed",
      action: { type: "search", query: "weather" },
    }));
    const reasoning =
      counts.reasoning > 0 ? [{ id: `rs_${id}`, type: "reasoning", summary: [] }] : [];
    const output = [...reasoning, ...searches, item];
    const done = { ...base, status: "completed", output, usage };
    if (!exchange.stream) {
      sendJson(exchange.response, done);
      return true;
    }
    const events = new EventStream(exchange.response);
    let nth = 0;
    const send = (type: string, rest: Json) =>
      events.send({ type, sequence_number: nth++, ...rest }, type);
    const begun = { ...base, status: "in_progress", output: [], usage: null };
    send("response.created", { response: begun });
    send("response.in_progress", { response: begun });
    for (const [output_index, entry] of output.entries()) {
      send("response.output_item.added", { output_index, item: entry });
      const at = { item_id: entry.id, output_index };
      if (entry.type === "message") {
        const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
        send("response.content_part.added", { ...at, content_index: 0, part });
        for (const delta of pieces(text)) {
          send("response.output_text.delta", { ...at, content_index: 0, delta, logprobs: [] });
        }
        send("response.output_text.done", { ...at, content_index: 0, text, logprobs: [] });
        send("response.content_part.done", { ...at, content_index: 0, part: { ...part, text } });
      } else if (tool !== undefined && entry.type === "function_call") {
        const args = JSON.stringify(tool.args);
        send("response.function_call_arguments.delta", { ...at, delta: args });
        send("response.function_call_arguments.done", { ...at, arguments: args, name: tool.name });
      }
      send("response.output_item.done", { output_index, item: entry });
    }
    send("response.completed", { response: done });
    events.end();
    return true;
  },
};

/** Source: OpenAI API reference, "Embeddings". */
export const embeddings: Api = {
  name: "openai-embeddings",
  matches: (path) => path.endsWith("/embeddings"),
  failure,
  answer: (exchange: Exchange) => {
    const { input } = exchange.counts;
    const texts = [exchange.body["input"]].flat();
    const vector = new Float32Array(8).fill(0.125);
    const embedding =
      exchange.body["encoding_format"] === "base64"
        ? Buffer.from(vector.buffer).toString("base64")
        : [...vector];
    sendJson(exchange.response, {
      object: "list",
      model: exchange.model,
      data: texts.map((_, index) => ({ object: "embedding", index, embedding })),
      usage: { prompt_tokens: input, total_tokens: input },
    });
    return true;
  },
};
