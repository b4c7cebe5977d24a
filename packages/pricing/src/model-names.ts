import { providerRouted } from "./providers.ts";

/** Longer names are not looked at. An ARN or a Vertex resource name has about 150 characters. */
export const maxModelNameLength = 512;

/** A model that a name may mean, at a provider that the name itself gives away. */
export interface NamedModel {
  /** Id of a provider in the catalogue. */
  readonly provider: string;
  readonly model: string;
}

/**
 * The ways to write a model that the catalogue may know, the most telling first.
 *
 * Without the resource path of Vertex and Gemini ("publishers/google/models/", "models/"), as it came
 * otherwise, without the route of a gateway ("anthropic/", "bedrock/converse/"), with a Vertex version as a date
 * ("claude-opus-5@20260210" is "claude-opus-5-20260210" at Anthropic). A date is never dropped: two
 * snapshots of a model may have different prices.
 */
export function spellingsOf(model: string): readonly string[] {
  const name = withoutPath(model);
  const spellings = new Set([name]);
  const unrouted = withoutRoute(name);
  spellings.add(unrouted);
  spellings.add(unrouted.replace(/@(?:default|latest)$/, "").replace(/@(\d+)$/, "-$1"));
  // The catalogue's own id for all regions of a model on Bedrock, which its rules do not answer to.
  spellings.add(unrouted.replace(/^regional\./, ""));
  return [...spellings].filter((spelling) => spelling !== "");
}

/** "projects/p/locations/l/publishers/google/models/gemini-2.5-pro" → "gemini-2.5-pro". */
function withoutPath(model: string): string {
  return model.replace(/^(?:.*\/)?publishers\/[^/]+\/models\/|^models\//, "");
}

/** "vertex_ai/gemini-2.5-pro" and "openai:gpt-5" without what names a provider. */
function withoutRoute(model: string): string {
  let rest = model;
  for (let cut = cutRoute(rest); cut !== undefined; cut = cutRoute(rest)) rest = cut.model;
  // LiteLLM's routes within Bedrock.
  return rest === model ? rest : rest.replace(/^(?:converse|invoke|converse_like)\//, "");
}

function cutRoute(model: string): NamedModel | undefined {
  const at = model.search(/[/:]/);
  if (at <= 0) return undefined;
  const provider = providerRouted(model.slice(0, at));
  const rest = model.slice(at + 1);
  return provider?.kind === "catalogue" && rest !== ""
    ? { provider: provider.id, model: rest }
    : undefined;
}

const bedrockName =
  /^(?:arn:aws[a-z-]*:bedrock:|(?:(?:us|us-gov|eu|apac|au|jp|ca|sa|global)\.)?(?:ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|stability|twelvelabs|writer|xai|zai)\.[a-z0-9])/i;

const vertexName = /(?:^|\/)publishers\/[^/]+\/models\/|@(?:\d{3}|20\d{6}|default|latest)$/;

/** What a name gives away of its provider: the shape of Bedrock's and Vertex's ids, a gateway's route. */
export function namedModels(model: string): readonly NamedModel[] {
  const named: NamedModel[] = [];
  if (bedrockName.test(model)) named.push({ provider: "aws", model });
  if (vertexName.test(model)) named.push({ provider: "google", model: withoutPath(model) });
  let route = cutRoute(withoutPath(model));
  while (route !== undefined) {
    named.push(route);
    route = cutRoute(route.model);
  }
  return named;
}
