/**
 * What a provider's name on a span means for its price.
 *
 * "catalogue": priced under this id. "self_hosted": tokens have no price. "unpriced": a provider that
 * sets its own prices, of which the catalogue has none, so that another provider's must not be taken.
 */
export interface Provider {
  readonly kind: "catalogue" | "self_hosted" | "unpriced";
  /** One for all the names of a provider. */
  readonly id: string;
}

/**
 * The catalogue's providers, and what spans call them beside their id.
 *
 * Names are compared in lower case with "-" for "_" and blanks. Sources: `gen_ai.provider.name` and the
 * older `gen_ai.system` of the OpenTelemetry conventions; `provider` of the models in the AI SDK's
 * packages, without their last parts ("openai.responses", "google.vertex.chat"); `llm.provider` and
 * `llm.system` of OpenInference; `ls_provider` of LangSmith; `custom_llm_provider` of LiteLLM.
 */
const catalogueProviders = {
  anthropic: ["anthropic-ai"],
  arcee: ["arcee-ai"],
  avian: [],
  aws: [
    "aws.bedrock",
    "aws-bedrock",
    "bedrock",
    "bedrock-converse",
    "amazon",
    "amazon-bedrock",
    "amazon.bedrock",
  ],
  azure: [
    "azure.ai.openai",
    "azure.ai.inference",
    "az.ai.openai",
    "az.ai.inference",
    "azure-openai",
    "azureopenai",
    "azure-ai",
    "azure-ai-inference",
    "azure.ai.foundry",
    "azure-ai-foundry",
    "azure-foundry",
    "az.ai.agents",
    "microsoft.foundry",
    "microsoft-foundry",
  ],
  baseten: [],
  cerebras: [],
  cloudflare: ["workers-ai", "workersai", "cloudflare-workers-ai"],
  cohere: ["cohere-ai", "cohere-chat"],
  cursor: [],
  deepseek: ["deep-seek", "deepseek-ai"],
  doubleword: [],
  fireworks: ["fireworks-ai", "fireworksai"],
  "github-copilot": ["copilot"],
  google: [
    "gcp",
    "gcp.gemini",
    "gcp.gen-ai",
    "gcp.vertex-ai",
    "gcp.vertex.agent",
    "gemini",
    "google-ai",
    "google-ai-studio",
    "google-genai",
    "google-generative-ai",
    "google-generativeai",
    "google-gla",
    "google-vertex",
    "google-vertexai",
    "googlevertex",
    "vertex",
    "vertex-ai",
    "vertexai",
  ],
  groq: [],
  huggingface_cerebras: [],
  "huggingface_fireworks-ai": [],
  huggingface_groq: [],
  huggingface_hyperbolic: [],
  huggingface_nebius: [],
  huggingface_novita: [],
  huggingface_nscale: [],
  huggingface_ovhcloud: [],
  huggingface_publicai: [],
  huggingface_sambanova: [],
  huggingface_together: [],
  minimax: [],
  mistral: ["mistralai", "mistral-ai"],
  modal: [],
  moonshotai: ["moonshot", "moonshot-ai"],
  novita: ["novita-ai"],
  openai: ["open-ai"],
  openrouter: ["open-router"],
  ovhcloud: [],
  perplexity: ["perplexityai", "perplexity-ai"],
  quicksilverpro: [],
  together: ["together-ai", "togetherai"],
  typesafe: [],
  voyageai: ["voyage", "voyage-ai"],
  "x-ai": ["xai", "x.ai"],
  zai: ["z-ai", "z.ai"],
  zhipuai: ["zhipu", "zhipu-ai", "bigmodel"],
} as const satisfies Record<string, readonly string[]>;

const selfHosted = {
  ollama: [],
  vllm: ["hosted-vllm"],
  lmstudio: ["lm-studio"],
  "llama.cpp": ["llamacpp", "llama-cpp"],
  llamafile: [],
  localai: [],
  local: [],
  sglang: [],
  tgi: ["text-generation-inference"],
  transformers: [],
  mlx: [],
} as const satisfies Record<string, readonly string[]>;

const unpricedProviders = {
  "ibm.watsonx.ai": ["watsonx", "ibm"],
  ai21: [],
  alibaba: ["dashscope"],
  anyscale: [],
  databricks: [],
  deepinfra: [],
  friendli: [],
  huggingface: [],
  hyperbolic: [],
  lambda: [],
  nebius: [],
  nvidia: ["nvidia-nim"],
  oci: [],
  predibase: [],
  replicate: [],
  runpod: [],
  sagemaker: ["aws.sagemaker"],
  sambanova: [],
  snowflake: [],
  upstage: [],
} as const satisfies Record<string, readonly string[]>;

/** Ids of every provider in the catalogue. */
export const catalogueProviderIds: readonly string[] = Object.keys(catalogueProviders);

const providers: ReadonlyMap<string, Provider> = new Map([
  ...namesOf("catalogue", catalogueProviders),
  ...namesOf("self_hosted", selfHosted),
  ...namesOf("unpriced", unpricedProviders),
]);

function namesOf(
  kind: Provider["kind"],
  table: Readonly<Record<string, readonly string[]>>,
): [string, Provider][] {
  return Object.entries(table).flatMap(([id, names]) =>
    [id, ...names].map((name): [string, Provider] => [plainProvider(name), { kind, id }]),
  );
}

/** Every name that is known for a provider, in the form of `plainProvider`. */
export const providerNames: readonly string[] = [...providers.keys()];

/** Longer names are not looked at: no provider has one, and spans come from strangers. */
const maxNameLength = 128;

/**
 * The provider that `name` means, or `undefined` where it means none: services and gateways put their own
 * name there ("support-api", "litellm"). The catalogue's own search would take "my-google-sheets-bot" for Google.
 */
export function providerNamed(name: string | undefined): Provider | undefined {
  if (name === undefined || name.length > maxNameLength) return undefined;
  // "google.vertex.chat" is no provider, "google.vertex" neither, "google" is one.
  for (
    let rest = plainProvider(name);
    rest !== "";
    rest = rest.slice(0, Math.max(0, rest.lastIndexOf(".")))
  ) {
    const provider = providers.get(rest);
    if (provider !== undefined) return provider;
  }
  return undefined;
}

/** The provider of exactly this name. A route before a model is one: "bedrock/", not "anthropic.claude-v1:". */
export function providerRouted(name: string): Provider | undefined {
  return name.length > maxNameLength ? undefined : providers.get(plainProvider(name));
}

/** The form in which names are compared: "Azure OpenAI" is "azure-openai". */
export function plainProvider(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
}
