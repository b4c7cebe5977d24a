import { findProvider, type Provider } from "@pydantic/genai-prices";
import { catalogueProviderIds } from "./providers.ts";

/** The catalogue that this version is built on. A test holds it against the installed package. */
export const catalogueVersion = {
  source: "genai-prices@0.1.8",
  /** SHA-256 of its dist/index.js, which holds the prices. */
  sha256: "0c9da2297434f9f0a3033f26442542457e7b2a68f411aa1b0bb4cade1a129c06",
} as const;

/** Found at start-up, so that prices replaced later by `updatePrices` are told from the bundled ones. */
const bundled: ReadonlyMap<string, Provider | undefined> = new Map(
  catalogueProviderIds.map((id) => [id, findProvider({ providerId: id })]),
);

/**
 * What to call the source of an answer. The catalogue is one object in a process: an application
 * that shares ours may load newer prices into it, and then its version no longer says which.
 */
export function sourceOf(provider: Provider): string {
  return bundled.get(provider.id) === provider ? catalogueVersion.source : "genai-prices@updated";
}
