import { type PicoUsd, usdFromText, zeroUsd } from "@spancost/pricing";
import {
  documentOf,
  Fields,
  type FileProblem,
  isNode,
  listed,
  Problems,
  quoted,
  suggestion,
  textOf,
} from "@spancost/pricing/yaml";
import { isMap, LineCounter, type Node, type YAMLMap } from "yaml";
import { type BuiltInDimension, isTag, type Segment } from "../dimensions.ts";
import {
  type Budget,
  type Budgets,
  budgetPeriods,
  type ForecastRule,
  forecastRules,
  type Limit,
} from "./budget.ts";

/** Budgets, or everything that is wrong with their file. */
export type ParsedBudgets =
  | { readonly budgets: Budgets; readonly problems: readonly [] }
  | { readonly budgets: undefined; readonly problems: readonly FileProblem[] };

const sections = ["budgets", "spikes"];
const budgetKeys = [
  "name",
  "where",
  "each",
  "period",
  "limit",
  "limit_per_request",
  "alert_at",
  "forecast",
];
/** Each is a question of its own. */
const maxBudgets = 200;
const usualAlert = 0.8;

/**
 * The budgets in a YAML file's text.
 *
 * Never throws: whatever is wrong is in `problems`, all of it at once.
 */
export function parseBudgets(text: string): ParsedBudgets {
  const lines = new LineCounter();
  const problems = new Problems(lines);
  const failed = () => ({ budgets: undefined, problems: problems.all }) as const;
  const document = documentOf(text, lines, problems);
  if (document === undefined || problems.all.length > 0) return failed();
  const { contents } = document;
  if (!isNode(contents) || !isMap(contents)) {
    problems.add(0, 'a file of budgets has a key "budgets:" with a list');
    return failed();
  }
  const fields = new Fields(contents, sections, problems);
  const entries = fields.maps("budgets");
  const excess = entries[maxBudgets];
  if (excess !== undefined) {
    problems.add(excess, `there are more than ${maxBudgets} budgets: use each, which makes many`);
  }
  const budgets = entries.slice(0, maxBudgets).flatMap((entry) => budgetIn(entry, problems) ?? []);
  const names = new Set<string>();
  for (const [index, { name }] of budgets.entries()) {
    if (names.has(name)) problems.add(entries[index] ?? 0, `there are two budgets ${quoted(name)}`);
    names.add(name);
  }
  const spikes = spikesIn(fields, problems);
  if (entries.length === 0 && spikes === undefined && !fields.hasUnknown) {
    problems.add(contents, "there is no budget in it");
  }
  if (problems.all.length > 0) return failed();
  return { budgets: { budgets, spikes }, problems: [] };
}

function budgetIn(node: YAMLMap, problems: Problems): Budget | undefined {
  const fields = new Fields(node, budgetKeys, problems);
  const name = fields.text("name") ?? missing(fields, "name", "a name that people know it by");
  const period =
    choice(fields, "period", budgetPeriods) ?? missing(fields, "period", "day, week or month");
  const limit = limitIn(fields);
  const where = segmentIn(fields);
  const each = dimensionIn(fields, "each");
  const alertAt = shareIn(fields, "alert_at") ?? usualAlert;
  const forecast: ForecastRule = choice(fields, "forecast", forecastRules) ?? "alert";
  if (name === undefined || period === undefined || limit === undefined) return undefined;
  if (each !== undefined && each in where) {
    return problems.add(node, `each ${each}, and where ${each} is one value, cannot both be`);
  }
  return { name, where, each, period, limit, alertAt, forecast };
}

/** Says what is missing, unless an unknown key is what was meant by it. */
function missing(fields: Fields, name: string, what: string): undefined {
  if (fields.hasUnknown || fields.get(name) !== undefined) return undefined;
  return fields.problems.add(fields.node, `${name} is missing: ${what}`);
}

function limitIn(fields: Fields): Limit | undefined {
  const { problems, node } = fields;
  const [spend, request] = [fields.get("limit"), fields.get("limit_per_request")];
  if (spend !== undefined && request !== undefined) {
    return problems.add(node, "it has a limit and a limit_per_request: make two budgets of them");
  }
  const of = request === undefined ? "spend" : "request";
  const limit = request ?? spend;
  if (limit === undefined)
    return missing(fields, "limit", "USD for each period, or limit_per_request");
  const usd = usdOf(limit, of === "spend" ? "limit" : "limit_per_request", problems);
  return usd && { of, usd };
}

function usdOf(node: Node, name: string, problems: Problems): PicoUsd | undefined {
  const usd = usdFromText((textOf(node) ?? "").trim().replace(/^\$/, ""));
  if (usd !== undefined && usd > zeroUsd) return usd;
  return problems.add(node, `${name} takes USD above 0, such as 150 or 0.02`);
}

/** `where: {feature: search, environment: production}` */
function segmentIn(fields: Fields): Segment {
  const node = fields.map("where", "{feature: search}");
  if (node === undefined) return {};
  const { problems } = fields;
  return Object.fromEntries(
    node.items.flatMap(({ key, value }) => {
      const name = isNode(key) ? textOf(key) : undefined;
      const text = isNode(value) ? textOf(value)?.trim() : undefined;
      if (name === undefined || text === undefined || text === "") {
        problems.add(isNode(key) ? key : node, "where takes dimensions, each with one value");
        return [];
      }
      return isKnown(name, key as Node, problems) ? [[name, text] as const] : [];
    }),
  );
}

function dimensionIn(fields: Fields, name: string): string | undefined {
  const text = fields.text(name);
  const node = fields.get(name);
  if (text === undefined || node === undefined) return undefined;
  return isKnown(text, node, fields.problems) ? text : undefined;
}

function isKnown(name: string, node: Node, problems: Problems): boolean {
  if (isTag(name) || budgeted.includes(name)) return true;
  const near = suggestion(name, budgeted);
  const hint = near === "" ? ` Known are ${listed([...budgeted, "tag:NAME"])}.` : near;
  problems.add(node, `there is no dimension ${quoted(name)}.${hint}`);
  return false;
}

/** Dimensions that money is planned by, those that name it best first. */
const budgeted: readonly string[] = [
  "feature",
  "environment",
  "user_id",
  "service",
  "team",
  "agent",
  "release",
  "model",
  "provider",
] satisfies readonly BuiltInDimension[];

function choice<Name extends string>(
  fields: Fields,
  key: string,
  names: readonly Name[],
): Name | undefined {
  const node = fields.get(key);
  if (node === undefined) return undefined;
  const text = textOf(node)?.trim();
  const found = names.find((name) => name === text);
  return (
    found ?? fields.problems.add(node, `${key} is ${listed(names)}, not ${quoted(text ?? "")}`)
  );
}

/** `80%`, or `0.8`. */
function shareIn(fields: Fields, key: string): number | undefined {
  const node = fields.get(key);
  if (node === undefined) return undefined;
  const text = textOf(node)?.trim() ?? "";
  const found = /^(\d+(?:\.\d+)?)(\s*%)?$/.exec(text);
  const share = found === null ? Number.NaN : Number(found[1]) / (found[2] === undefined ? 1 : 100);
  if (share > 0 && share <= 1) return share;
  return fields.problems.add(node, `${key} takes a share of the limit, such as 80%`);
}

function spikesIn(fields: Fields, problems: Problems): Budgets["spikes"] {
  const node = fields.map("spikes", "{at_least: 50, state: alert}");
  if (node === undefined) return undefined;
  const spikes = new Fields(node, ["at_least", "state"], problems);
  const least = spikes.get("at_least");
  const state = choice(spikes, "state", ["alert", "breach"] as const) ?? "alert";
  const usd = least === undefined ? zeroUsd : usdOf(least, "at_least", problems);
  return usd === undefined ? undefined : { atLeast: usd, state };
}
