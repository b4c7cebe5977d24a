/**
 * What emitters call a provider, in the names of the OpenTelemetry GenAI conventions.
 *
 * The Vercel AI SDK names provider and API (`openai.responses`), LangChain4j has words of its own (`open_ai`); some frameworks name themselves, which says
 * nothing about who was called.
 */
const names: ReadonlyMap<string, string | undefined> = new Map([
  ["openai.responses", "openai"],
  ["openai.chat", "openai"],
  ["openai.completion", "openai"],
  ["openai.embedding", "openai"],
  ["anthropic.messages", "anthropic"],
  ["google.generative-ai", "gcp.gemini"],
  ["gemini", "gcp.gemini"],
  ["google", "gcp.gemini"],
  ["googleai", "gcp.gemini"],
  ["google.vertex.chat", "gcp.vertex_ai"],
  ["google.vertex.ai", "gcp.vertex_ai"],
  ["vertexai", "gcp.vertex_ai"],
  ["vertex_ai", "gcp.vertex_ai"],
  ["gcp.vertex.agent", "gcp.gemini"],
  ["amazon-bedrock", "aws.bedrock"],
  ["bedrock", "aws.bedrock"],
  ["aws", "aws.bedrock"],
  ["azure", "azure.ai.openai"],
  ["az.ai.openai", "azure.ai.openai"],
  ["az.ai.inference", "azure.ai.inference"],
  ["azure.chat", "azure.ai.openai"],
  ["azure.responses", "azure.ai.openai"],
  ["azure-openai.chat", "azure.ai.openai"],
  ["open_ai", "openai"],
  ["azure_open_ai", "azure.ai.openai"],
  ["amazon_bedrock", "aws.bedrock"],
  ["google_ai_gemini", "gcp.gemini"],
  ["google_vertex_ai_gemini", "gcp.vertex_ai"],
  ["google_vertex_ai_anthropic", "gcp.vertex_ai"],
  ["mistral.chat", "mistral_ai"],
  ["mistralai", "mistral_ai"],
  ["xai", "x_ai"],
  ["xai.chat", "x_ai"],
  ["langchain", undefined],
  ["microsoft.agent_framework", undefined],
  ["pydantic-ai", undefined],
  ["litellm", undefined],
  ["strands-agents", undefined],
]);

/** The names in lower case that are no name of the conventions, each with what it means; `undefined` is nobody. */
export const providerAliases: readonly (readonly [alias: string, name: string | undefined])[] = [
  ...names,
];

/** `sent` as the conventions name it; `undefined` where it names a framework or the service itself. */
export function providerName(
  sent: string | undefined,
  service: string | undefined,
): string | undefined {
  if (sent === undefined || sent === service) return undefined;
  const name = sent.toLowerCase();
  return names.has(name) ? names.get(name) : name;
}
