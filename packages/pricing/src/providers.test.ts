import { expect, test } from "vitest";
import { providerNamed } from "./providers.ts";

test.each([
  // OpenTelemetry, gen_ai.provider.name and gen_ai.system
  ["openai", "openai"],
  ["anthropic", "anthropic"],
  ["azure.ai.openai", "azure"],
  ["azure.ai.inference", "azure"],
  ["microsoft.foundry", "azure"],
  ["az.ai.agents", "azure"],
  ["az.ai.inference", "azure"],
  ["aws.bedrock", "aws"],
  ["gcp.gemini", "google"],
  ["gcp.gen_ai", "google"],
  ["gcp.vertex_ai", "google"],
  ["gcp.vertex.agent", "google"],
  ["cohere", "cohere"],
  ["mistral_ai", "mistral"],
  ["deepseek", "deepseek"],
  ["groq", "groq"],
  ["perplexity", "perplexity"],
  ["x_ai", "x-ai"],
  ["xai", "x-ai"],
  ["moonshot_ai", "moonshotai"],
  // AI SDK
  ["openai.responses", "openai"],
  ["openai.chat", "openai"],
  ["openai.embedding", "openai"],
  ["anthropic.messages", "anthropic"],
  ["google.generative-ai", "google"],
  ["google.vertex.chat", "google"],
  ["vertex.anthropic.messages", "google"],
  ["googleVertex.anthropic.messages", "google"],
  ["amazon-bedrock", "aws"],
  ["azure.responses", "azure"],
  ["azure-openai.chat", "azure"],
  ["mistral.chat", "mistral"],
  ["xai.chat", "x-ai"],
  ["togetherai.chat", "together"],
  ["fireworks.chat", "fireworks"],
  // OpenInference, LangSmith, LiteLLM
  ["google", "google"],
  ["vertexai", "google"],
  ["aws", "aws"],
  ["azure", "azure"],
  ["mistralai", "mistral"],
  ["amazon_bedrock", "aws"],
  ["google_genai", "google"],
  ["vertex_ai", "google"],
  ["bedrock", "aws"],
  // As people write them
  ["OpenAI", "openai"],
  ["Anthropic", "anthropic"],
  ["AWS", "aws"],
  [" Azure OpenAI ", "azure"],
  ["huggingface_fireworks-ai", "huggingface_fireworks-ai"],
])("%j is %s in the catalogue", (name, id) => {
  expect(providerNamed(name)).toEqual({ kind: "catalogue", id });
});

test.each([
  ["ollama", "ollama"],
  ["Ollama.chat", "ollama"],
  ["vllm", "vllm"],
  ["hosted_vllm", "vllm"],
  ["lm_studio", "lmstudio"],
  ["llama.cpp", "llama.cpp"],
])("%s runs on the user's own machines, as %s", (name, id) => {
  expect(providerNamed(name)).toEqual({ kind: "self_hosted", id });
});

test.each([
  ["ibm.watsonx.ai", "ibm.watsonx.ai"],
  ["watsonx", "ibm.watsonx.ai"],
  ["replicate", "replicate"],
  ["databricks", "databricks"],
  ["huggingface", "huggingface"],
])("%s has prices of its own, and none in the catalogue, as %s", (name, id) => {
  expect(providerNamed(name)).toEqual({ kind: "unpriced", id });
});

test.each([
  undefined,
  "",
  ".",
  "...",
  "support-api",
  "langchain",
  "litellm",
  "my-google-sheets-bot",
  "not-openai",
  "x".repeat(200),
])("%j names no provider", (name) => {
  expect(providerNamed(name)).toBeUndefined();
});
