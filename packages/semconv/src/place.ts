import { firstText } from "./attributes.ts";
import { keyList } from "./key-list.ts";
import type { SpanView } from "./span-view.ts";

const accountKeys = keyList("spancost.account", "cloud.account.id");
const regionKeys = keyList("cloud.region");
/** What the AWS SDK says of a request. */
const requestRegionKeys = keyList("aws.region", ...regionKeys);

/** Keys that an account or a region is read from. */
export const placeKeys: readonly string[] = [...accountKeys, ...requestRegionKeys];

/** Whose bill a span is on, as far as it or its resource says. */
export function accountOf({
  attributes,
  resource,
}: Pick<SpanView, "attributes" | "resource">): string | undefined {
  return firstText(attributes, accountKeys) ?? firstText(resource, accountKeys);
}

/** The region of the call where the span says it; else where the service runs. */
export function regionOf({
  attributes,
  resource,
}: Pick<SpanView, "attributes" | "resource">): string | undefined {
  return firstText(attributes, requestRegionKeys) ?? firstText(resource, regionKeys);
}
