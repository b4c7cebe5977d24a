import { type Api, EventStream, sendJson } from "./api.ts";

/**
 * `candidatesTokenCount` leaves thinking out, `promptTokenCount` includes cached content.
 *
 * Source: Gemini API reference, "UsageMetadata".
 */
export const generateContent: Api = {
  name: "gemini",
  matches: (path) => /:(streamG|g)enerateContent$/.test(path),
  failure: (status) => ({
    error: {
      code: status,
      message: `planned ${status}`,
      status: status === 429 ? "RESOURCE_EXHAUSTED" : "UNAVAILABLE",
    },
  }),
  answer: (exchange) => {
    const { counts, tool, text, id } = exchange;
    const modalities = (all: number, audio: number) => [
      { modality: "TEXT", tokenCount: all - audio },
      ...(audio > 0 ? [{ modality: "AUDIO", tokenCount: audio }] : []),
    ];
    const part =
      tool === undefined
        ? { text }
        : { functionCall: { id: `fc_${id}`, name: tool.name, args: tool.args } };
    const answer = {
      candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP", index: 0 }],
      usageMetadata: {
        promptTokenCount: counts.input,
        candidatesTokenCount: counts.output - counts.reasoning,
        totalTokenCount: counts.input + counts.output,
        promptTokensDetails: modalities(counts.input, counts.inputAudio),
        candidatesTokensDetails: modalities(counts.output - counts.reasoning, counts.outputAudio),
        ...(counts.cached > 0 ? { cachedContentTokenCount: counts.cached } : {}),
        ...(counts.reasoning > 0 ? { thoughtsTokenCount: counts.reasoning } : {}),
      },
      modelVersion: exchange.model,
      responseId: `gem_${id}`,
    };
    if (!exchange.path.endsWith(":streamGenerateContent")) {
      sendJson(exchange.response, answer);
      return true;
    }
    const events = new EventStream(exchange.response);
    events.send(answer);
    events.end();
    return true;
  },
};
