import { firstNumber, firstText, type Keys, smallCount } from "./attributes.ts";
import { readAttribution } from "./attribution.ts";
import {
  factKeys,
  failedStatus,
  openRouterCost,
  operationName,
  toolByConvention,
  usageKeys,
} from "./conventions.ts";
import { costAttributes } from "./cost-attributes.ts";
import type { CallFacts, Dialect, Doubts } from "./dialect.ts";
import { dialectOf } from "./dialects.ts";
import { httpStatus, isHttpClient, resendCount, resendKeys, tellsModelRequest } from "./http.ts";
import { keyList } from "./key-list.ts";
import { providerName } from "./providers.ts";
import {
  hasUsage,
  type RawCounts,
  rawCounts,
  readUsage,
  type UsageKeys,
  type UsageMeaning,
  type UsageReading,
} from "./read-usage.ts";
import type { SpanReading, UsageIssue } from "./reading.ts";
import type { SpanView } from "./span-view.ts";
import { readWithThinking } from "./thinking.ts";

const serviceKeys = keyList("service.name");
const unitsKeys = keyList("spancost.units");
const retryKeys = keyList("spancost.retry.count");
const loopKeys = keyList("spancost.loop.iteration");
const depthKeys = keyList("spancost.agent.depth");
const ownCostKeys = keyList(costAttributes.total);
const keptCostKeys = keyList(costAttributes.reported, openRouterCost);
const errorKeys = keyList("error.type");

/**
 * What a span says, whoever wrote it, in spancost's words.
 *
 * Looks at this span alone: whether a call is counted, and what it inherits, is for its trace to say. Never
 * throws, whatever the attributes hold.
 */
export function readSpan(span: SpanView): SpanReading {
  const dialect = dialectOf(span);
  return dialect === undefined ? readOther(span) : readWith(dialect, span);
}

function readOther(span: SpanView): SpanReading {
  const http = isHttpClient(span);
  const modelRequest = http && tellsModelRequest(span.attributes);
  return {
    ...unsaid,
    node: http ? "http" : "other",
    name: span.name,
    retryCount: modelRequest ? resendCount(span.attributes) : undefined,
    modelRequest,
    ...commonFacts(span),
  };
}

function readWith(dialect: Dialect, span: SpanView): SpanReading {
  const node = dialect.node(span);
  const given: Partial<CallFacts> = dialect.facts?.(span) ?? {};
  const fact = (name: keyof typeof factKeys) => firstText(span.attributes, factKeys[name]);
  const operation = given.operation ?? operationName(fact("operation"));
  const usage = usageOf(dialect, span, node === "call", operation === "embeddings");
  const common = commonFacts(span);
  const reported = given.reportedCostUsd ?? reportedCost(span);
  return {
    attribution: common.attribution,
    httpStatus: common.httpStatus,
    modelRequest: false,
    errorType: common.errorType ?? (node === "call" ? failedStatus(span) : undefined),
    dialect: dialect.id,
    node,
    name: dialect.name?.(span) ?? span.name,
    operation,
    provider: providerName(
      given.provider ?? fact("provider"),
      firstText(span.resource, serviceKeys),
    ),
    requestModel: given.requestModel ?? fact("requestModel"),
    responseModel: given.responseModel ?? fact("responseModel"),
    responseId: given.responseId ?? fact("responseId"),
    serviceTier: given.serviceTier ?? fact("serviceTier"),
    agent: given.agent ?? fact("agent"),
    tool: node === "tool" ? (given.tool ?? toolByConvention(span)) : undefined,
    units: node === "tool" ? smallCount(span.attributes, unitsKeys) : undefined,
    usage: usage?.usage,
    usageQuality: usage?.quality,
    usageIssue: usage === undefined ? undefined : issueWords(usage.issues),
    reportedCostUsd: believable(reported, usage),
    servedFromCache: given.servedFromCache ?? false,
    // Who counted the attempts around a client knows of more than the client itself.
    retryCount: smallCount(span.attributes, retryKeys) ?? given.retryCount ?? statedRetries(span),
    loopIteration: smallCount(span.attributes, loopKeys),
    agentDepth: smallCount(span.attributes, depthKeys),
  };
}

/** A call always has a usage, if only an unknown one; other spans where they carry counts. */
function usageOf(
  dialect: Dialect,
  span: SpanView,
  isCall: boolean,
  isEmbedding: boolean,
): UsageReading | undefined {
  if (dialect.repeats?.(span) === true) return undefined;
  const raw = filled(rawCounts(span.attributes, keysOf(dialect)), dialect.counts?.(span));
  if (!isCall && !hasUsage(raw)) return undefined;
  const reading = readCounts(raw, dialect.meaning(span), isEmbedding, span);
  if (reading.quality === "missing") return reading;
  const doubts: Doubts = dialect.doubts?.(span, raw) ?? {};
  return {
    usage: reading.usage,
    quality: doubts.quality ?? reading.quality,
    issues: [...reading.issues, ...[doubts.issue ?? []].flat()],
  };
}

function readCounts(
  raw: RawCounts,
  meaning: UsageMeaning,
  isEmbedding: boolean,
  { attributes }: SpanView,
): UsageReading {
  const reading = readUsage(raw, meaning, isEmbedding);
  if (isEmbedding || !reading.issues.includes("total_mismatch")) return reading;
  const models = [factKeys.requestModel, factKeys.responseModel];
  const named = models.map((keys) => firstText(attributes, keys));
  return readWithThinking(raw, meaning, named) ?? reading;
}

function issueWords(issues: readonly UsageIssue[]): string | undefined {
  return issues.length === 0 ? undefined : [...issues].sort().join(",");
}

const mergedKeys = new WeakMap<Dialect, UsageKeys>();

function keysOf(dialect: Dialect): UsageKeys {
  const known = mergedKeys.get(dialect);
  if (known !== undefined) return known;
  const keys: Record<string, Keys> = { ...usageKeys };
  for (const [count, names] of Object.entries(dialect.keys ?? {})) keys[count] = keyList(...names);
  mergedKeys.set(dialect, keys as unknown as UsageKeys);
  return keys as unknown as UsageKeys;
}

function filled(raw: RawCounts, more: Partial<RawCounts> | undefined): RawCounts {
  if (more === undefined) return raw;
  const result: Record<string, unknown> = { ...raw };
  for (const [count, value] of Object.entries(more)) result[count] ??= value;
  return result as RawCounts;
}

/** What spancost itself computed is no second opinion; what it took the place of is. */
function reportedCost({ attributes }: SpanView): number | undefined {
  const reported = firstNumber(attributes, factKeys.reportedCost);
  const isOurs = reported === firstNumber(attributes, ownCostKeys);
  return isOurs ? firstNumber(attributes, keptCostKeys) : reported;
}

/** An emitter without a price list reports 0; that is no cost. Nor is anything that is no amount. */
function believable(cost: number | undefined, usage: UsageReading | undefined): number | undefined {
  if (cost === undefined || !Number.isFinite(cost) || cost < 0 || cost >= 1e6) return undefined;
  const used = (usage?.usage.input ?? 0) + (usage?.usage.output ?? 0);
  return cost === 0 && used > 0 ? undefined : cost;
}

function statedRetries(span: SpanView): number | undefined {
  const stated = smallCount(span.attributes, resendKeys);
  if (stated !== undefined) return stated;
  let attempts = 0;
  for (const name of span.eventNames) if (name === "gen_ai.request.attempt") attempts += 1;
  return attempts > 0 ? attempts - 1 : undefined;
}

function commonFacts(span: SpanView) {
  return {
    errorType: firstText(span.attributes, errorKeys),
    httpStatus: httpStatus(span.attributes),
    attribution: readAttribution(span.attributes, span.resource),
  };
}

const unsaid = {
  dialect: undefined,
  operation: undefined,
  provider: undefined,
  requestModel: undefined,
  responseModel: undefined,
  responseId: undefined,
  serviceTier: undefined,
  agent: undefined,
  tool: undefined,
  units: undefined,
  usage: undefined,
  usageQuality: undefined,
  usageIssue: undefined,
  reportedCostUsd: undefined,
  servedFromCache: false,
  retryCount: undefined,
  loopIteration: undefined,
  agentDepth: undefined,
  modelRequest: false,
} as const;
