/** What an attribute's name says of its value. Numbers and booleans go on whatever it says. */
export type Verdict =
  /** Prompts, answers, arguments, documents: no text goes on. */
  | "content"
  /** A name, an id, a label: short text goes on. */
  | "label"
  /** Counts of tokens as JSON. */
  | "usage";

/** Names that hold labels although they sound like content. */
const labels: ReadonlySet<string> = new Set([
  "gen_ai.prompt.name",
  "gen_ai.prompt.version",
  "langfuse.observation.prompt.name",
  "langfuse.observation.prompt.version",
  "embedding.model_name",
]);

/** A task without a name of its own is called by what it asks: CrewAI's `tool.task_name`. */
const namedByContent = /(?:^|[._])task_name$/;

/** Wherever in a name. In the singular. */
const contentWords = words(`
  answer arg argument body choice command completion content description document embedding explanation fact goal
  history input instruction message msg note output payload prompt question reasoning result schema snippet stack
  stacktrace statement summary text thinking thought transcript transcription vector
`);

/** At the end of a name: of `tool_response`, not of `gen_ai.response.model`. */
const lastContentWords = words(`
  context data error exception metadata object parameter param query request response system value
`);

/** At the end of a name: what they end is a label even within content, such as the role of a message. */
const labelWords = words("id ids role type reason time timestamp");

/** At the end of a name that a maker of AI tools gave: names, ids and the like, and nothing else is let through. */
const nameWords = words(`
  address agent alias base category class code decision environment feature fingerprint format group hash host id ids kind
  language level method model name operation path provider reason region release role route session source speed state
  status subtype tag team tier time timestamp type url user version workflow
`);

const usageWords = words("usage cost");

/** First parts of names that belong to models, agents and what traces them. */
const aiNames = words(`
  agent agno ai anthropic assistant autogen bedrock chain chroma claude claude_code codex cohere copilot crewai dspy
  embedding eval evaluation gemini gemini_cli gen_ai genai genkit graph guardrail haystack helicone hidden_params
  huggingface input langchain langfuse langgraph langsmith langtrace litellm llama_index llamaindex llm llm_request
  logfire lunary mastra mcp memory message metadata milvus mistral model_request_parameters ollama openai openinference
  openlit output phoenix pinecone posthog prompt pydantic_ai qdrant rag reranker retrieval retriever score smolagent
  strand swarm tag task thread together tool traceloop vertex vertexai watsonx weaviate workflow xai
`);

/** Under these, people put tags of their own; spancost reads them as such. */
const tagPrefixes =
  /^(?:spancost\.|baggage\.|ai\.telemetry\.metadata\.|traceloop\.association\.properties\.|(?:langfuse\.trace|langsmith|mastra)\.metadata\.)/;

/**
 * What may go on of an attribute of this name when content is stripped.
 *
 * By the words of the name, for emitters invent new ones faster than a list could follow: words for content anywhere in
 * it; and of names that belong to AI tools only those whose last word promises a label. The names that the emitters in
 * test/captures use are checked one by one.
 */
export function verdictOf(key: string): Verdict {
  if (labels.has(key)) return "label";
  if (namedByContent.test(key)) return "content";
  const parts = wordsOf(key);
  const last = parts.at(-1) ?? "";
  if (parts.some((word) => usageWords.has(word))) return "usage";
  if (parts.some((word) => contentWords.has(word))) {
    return labelWords.has(last) ? "label" : "content";
  }
  if (tagPrefixes.test(key)) return "label";
  if (lastContentWords.has(last)) return isProvider(key) ? "label" : "content";
  return isOfAi(key) && !nameWords.has(last) ? "content" : "label";
}

function isOfAi(key: string): boolean {
  const first = /^[^.:/]*/.exec(key)?.[0] ?? "";
  return aiNames.has(singular(first.toLowerCase())) || /^(?:gcp\.vertex|aws\.bedrock)\./.test(key);
}

/** `gen_ai.system` and `db.system` name a vendor; `llm.anthropic.system` is a prompt. */
function isProvider(key: string): boolean {
  return /^(?:gen_ai|llm|db|rpc|messaging)\.system$/.test(key);
}

/** `ai.response.toolCalls` → ai, response, tool, call. */
function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "")
    .map(singular);
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word)
    ? word.slice(0, -1)
    : word;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/).map(singular));
}
